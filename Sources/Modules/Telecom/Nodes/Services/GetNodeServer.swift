import Platform

/// One node server.
struct GetNodeServer: AdminOperation {
  static let permission = Permission("telecom.node_server.list", .support)

  let id: NodeServer.ID

  var target: AuditTarget { AuditTarget("node_server", String(id)) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> NodeServer {
    guard let row = try await telecom.process(NodeServer.Find(now: telecom.clock.now, id: id))
    else { throw NotFound("nodeServer") }
    return NodeServer(row)
  }
}
