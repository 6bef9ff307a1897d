import Platform

/// The node servers, the oldest first.
struct ListNodeServers: AdminOperation {
  static let permission = Permission("telecom.node_server.list", .support)

  let page: PageRequest

  var target: AuditTarget { AuditTarget("node_server", "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<NodeServer> {
    let rows = try await telecom.process(
      NodeServer.List(
        now: telecom.clock.now,
        after: try page.cursor() ?? 0,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(NodeServer.init), page) { $0.id }
  }
}
