import Platform

/// Searches the audit log, the newest rows first.
struct ListAuditRows: AdminOperation {
  static let permission = Permission("manage.audit.list", .moderators)

  var by: Admin.ID?
  var operation: String?
  var targetKind: String?
  var targetID: String?
  var from: Instant?
  var until: Instant?
  var page: PageRequest

  var target: AuditTarget { AuditTarget("audit", "") }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> Page<AuditRow> {
    let rows = try await manage.process(
      AuditRow.Search(
        before: try page.cursor(),
        byAdmin: by,
        ofOperation: operation,
        onKind: targetKind,
        onID: targetID,
        fromTime: from,
        untilTime: until,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(AuditRow.init), page) { $0.id }
  }
}
