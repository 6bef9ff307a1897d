import Platform

/// Gives a node server a new token and returns it, which is kept only as a hash.
struct RotateNodeServerToken: AdminOperation {
  static let permission = Permission("telecom.node_server.rotate_token", .moderators)

  let id: NodeServer.ID

  var target: AuditTarget { AuditTarget("node_server", String(id)) }

  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> NodeToken {
    let token = NodeToken(using: telecom.ids)
    guard
      try await telecom.process(NodeServer.ReplaceToken(tokenHash: token.hash, id: id)) == 1
    else {
      throw NotFound("nodeServer")
    }
    return token
  }
}
