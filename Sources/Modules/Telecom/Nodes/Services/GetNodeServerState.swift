import Platform

/// The state of one node server.
struct GetNodeServerState: AdminOperation {
  static let permission = Permission("telecom.node_server.watch", .support)

  let server: NodeServer.ID

  var target: AuditTarget { AuditTarget("node_server", String(server)) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> NodeServerState {
    let rows = try await telecom.process(
      NodeServerState.List(after: 0, ofServer: server, rowLimit: 1)
    )
    guard let state = try await telecom.states(of: rows).first else {
      throw NotFound("nodeServer")
    }
    return state
  }
}
