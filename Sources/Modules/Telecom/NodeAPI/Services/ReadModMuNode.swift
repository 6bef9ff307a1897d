import AgentProtocols
import Platform

/// The configuration for an SSPanel agent; throws `NodeAgent.ModMuError`.
struct ReadModMuNode: Operation {
  let credentials: NodeCredentials
  let known: String?

  func perform(in telecom: Telecom) async throws -> TaggedAnswer {
    let agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    let host =
      try await telecom.database.process(NodeServer.FindHost(serverID: agent.id))
      ?? agent.settings.inbound.listener.address
    guard let node = ModMuNode(settings: agent.settings, host: host) else {
      throw NodeAgent.ModMuError.protocolOfOtherAgents
    }
    let body = node.encoded()
    return TaggedAnswer(EntityTag(of: body), known: known) { body }
  }
}

/// The users of an SSPanel agent's node, with the number of addresses from which each is online. An
/// empty list ends everybody's access, as it should.
struct ReadModMuUsers: Operation {
  let credentials: NodeCredentials
  let known: String?
  let devices: NodeDevices
  let lists: NodeUserListCache

  func perform(in telecom: Telecom) async throws -> NodeUserAnswer {
    let agent = try await telecom.process(BeginPoll(credentials: credentials))
    let alive = try await telecom.process(CountDevices(devices: devices))
    // As with UniProxy, the tag isn't trusted while something is due.
    let tag = agent.listTag(alive: alive)
    if !agent.isDue, tag.isNamed(in: known) { return .unchanged(tag) }
    let (read, users) = try await telecom.users(of: agent, credentials: credentials, lists)
    return .changed(
      read.listTag(alive: alive),
      NodeUserDocument(users: users, dialect: .modMu(read.settings, alive: alive))
    )
  }
}

/// What an SSPanel agent blocks. The call names no node, so the key must be the node's own token;
/// the global token gets no rules.
struct ReadModMuRules: Operation {
  let credentials: NodeCredentials

  func perform(in telecom: Telecom) async throws -> [NodeRoute] {
    if credentials.id == nil, telecom.isGlobalNodeToken(credentials.token) { return [] }
    return try await telecom.process(AuthenticateNode(credentials: credentials)).routes
  }
}

extension NodeAgent {
  /// Why there is no node for an agent of SSPanel.
  enum ModMuError: String, DomainError {
    case protocolOfOtherAgents

    var kind: FailureKind { .failedPrecondition }
  }
}
