import Platform

/// The node groups, the oldest first.
struct ListNodeGroups: AdminOperation {
  static let permission = Permission("telecom.node_group.list", .support)

  let page: PageRequest

  var target: AuditTarget { AuditTarget("node_group", "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<NodeGroup> {
    let rows = try await telecom.process(
      NodeGroup.List(after: try page.cursor() ?? .first, rowLimit: Int32(page.size + 1))
    )
    return try Page(rows.map(NodeGroup.init), page) { $0.id }
  }
}
