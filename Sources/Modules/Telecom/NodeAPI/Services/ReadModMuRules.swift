import AgentProtocols
import Platform

/// What an SSPanel agent blocks. The call names no node, so the key must be the node's own token;
/// the global token gets no rules.
struct ReadModMuRules: NodeAgentOperation {
  let credentials: NodeCredentials

  func perform(in telecom: Telecom) async throws -> [NodeRoute] {
    if credentials.id == nil, telecom.isGlobalNodeToken(credentials.token) { return [] }
    return try await telecom.process(AuthenticateNode(credentials: credentials)).routes
  }
}
