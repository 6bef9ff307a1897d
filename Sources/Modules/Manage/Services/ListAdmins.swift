import Platform

/// The operators, the oldest first.
struct ListAdmins: AdminOperation {
  static let permission = Permission("manage.admin.list", .moderators)

  let page: PageRequest

  var target: AuditTarget { AuditTarget("admin", "") }

  func perform(
    in manage: Manage,
    as admin: Authorized<Self>
  ) async throws -> Page<Administrator.List.Row> {
    let after: Admin.ID = try page.cursor() ?? .first
    let rows = try await manage.process(
      Administrator.List(after: after, rowLimit: Int32(page.size + 1))
    )
    return try Page(rows, page) { $0.id }
  }
}
