import Platform

/// The node clients, the oldest first.
struct ListNodeClients: AdminOperation {
  static let permission = Permission("telecom.node_client.list", .support)

  /// Nil: of every server.
  let server: NodeServer.ID?
  let page: PageRequest

  var target: AuditTarget { AuditTarget("node_client", "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<NodeClient> {
    let rows = try await telecom.process(
      NodeClient.List(
        after: try page.cursor() ?? .first,
        ofServer: server,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(NodeClient.init), page) { $0.id }
  }
}
