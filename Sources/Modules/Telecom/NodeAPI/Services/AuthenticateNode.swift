import AgentProtocols
import Platform

/// Finds the node server that an agent serves; throws `NodeAgent.AccessError` if the credentials
/// are wrong.
struct AuthenticateNode: NodeAgentOperation {
  let credentials: NodeCredentials

  func perform(in telecom: Telecom) async throws -> NodeAgent {
    var id = credentials.id
    if id == nil {
      id = try await telecom.process(
        NodeServer.FindByToken(tokenHash: credentials.token.hash)
      )
    }
    guard let id else { throw NodeAgent.AccessError.unknownNodeOrToken }
    let row = try await telecom.process(NodeAgent.Find(now: telecom.clock.now, id: id))
    return try NodeAgent(row, credentials: credentials, globalToken: telecom.globalNodeToken)
  }
}

extension Telecom {
  /// The token that opens every node, if an operator has set one.
  var globalNodeToken: NodeToken? {
    let text = settings().globalNodeToken
    return text.isEmpty ? nil : NodeToken(sent: text)
  }

  func isGlobalNodeToken(_ token: NodeToken) -> Bool {
    globalNodeToken.map { token.matches($0.hash) } ?? false
  }
}
