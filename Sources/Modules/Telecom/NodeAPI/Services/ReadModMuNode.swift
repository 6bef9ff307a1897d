import AgentProtocols
import Platform

/// What an agent of SSPanel is to run; throws `NodeAgent.ModMuError`.
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

/// Who may use an SSPanel agent's node, and from how many addresses each is online. An empty list
/// takes everybody's access, as it should.
struct ReadModMuUsers: Operation {
  let credentials: NodeCredentials
  let known: String?
  let devices: NodeDevices
  let lists: NodeUserListCache

  func perform(in telecom: Telecom) async throws -> NodeUserAnswer {
    let agent = try await telecom.process(BeginPoll(credentials: credentials))
    let alive = try await telecom.process(CountDevices(devices: devices))
    // As with UniProxy: a tag names nothing while something is due.
    let tag = agent.listTag(alive: alive)
    if !agent.isDue, tag.isNamed(in: known) { return .unchanged(tag) }
    let (read, users) = try await telecom.users(of: agent, credentials: credentials, lists)
    return .changed(
      read.listTag(alive: alive),
      NodeUserDocument(users: users, dialect: .modMu(read.settings, alive: alive))
    )
  }
}

/// What an agent of SSPanel blocks. It says no node, so the key must be one node's own: with the
/// key of all there are no rules.
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
