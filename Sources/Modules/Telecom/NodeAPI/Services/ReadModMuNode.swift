import AgentProtocols
import Platform

/// The configuration for an SSPanel agent; throws `NodeAgent.ModMuError`.
struct ReadModMuNode: NodeAgentOperation {
  let credentials: NodeCredentials
  let known: String?

  func perform(in telecom: Telecom) async throws -> TaggedAnswer {
    let agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    let host =
      try await telecom.process(NodeServer.FindHost(serverID: agent.id))
      ?? agent.settings.inbound.listener.address
    guard let node = ModMuNode(settings: agent.settings, host: host) else {
      throw NodeAgent.ModMuError.protocolOfOtherAgents
    }
    let body = node.encoded()
    return TaggedAnswer(EntityTag(of: body), known: known) { body }
  }
}

extension NodeAgent {
  /// Why there is no node for an agent of SSPanel.
  enum ModMuError: String, DomainError {
    case protocolOfOtherAgents

    var kind: FailureKind { .failedPrecondition }
  }
}
