import Logging
import Platform
import SubscriptionFormats

/// What an agent of SSPanel is to run; throws `NodeAgent.ModMuError`.
struct ReadModMuNode: Operation {
  let credentials: NodeCredentials
  let known: String?

  func perform(in telecom: Telecom) async throws -> TaggedAnswer {
    let agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    let host = try await telecom.database.process(HostOfServer(serverId: agent.id)) ?? agent.settings.inbound.listener.address
    guard let node = ModMuNode(settings: agent.settings, host: host) else { throw NodeAgent.ModMuError.protocolOfOtherAgents }
    let body = node.encoded()
    return TaggedAnswer(EntityTag(of: body), known: known) { body }
  }
}

/// Who may use an SSPanel agent's node, and from how many addresses each is online. An empty list takes everybody's access, as it should.
struct ReadModMuUsers: Operation {
  let credentials: NodeCredentials
  let known: String?
  let devices: NodeDevices

  func perform(in telecom: Telecom) async throws -> TaggedAnswer {
    let agent = try await telecom.process(BeginPoll(credentials: credentials))
    let alive = try await telecom.process(CountDevices(devices: devices))
    // As with UniProxy: the tag was read first, and names nothing while something is due.
    let tag = agent.listTag(alive: alive)
    if !agent.isDue, tag.isNamed(in: known) { return .unchanged(tag) }
    let users = try await telecom.users(of: agent)
    var list = ModMuUserList(settings: agent.settings)
    var body: [UInt8] = []
    body.reserveCapacity(32 + users.count * ModMuUserList.longestUser)
    list.start(&body)
    for user in users { list.append(user, aliveIPs: alive[Int32(clamping: user.id)] ?? 0, to: &body) }
    list.finish(&body)
    return .changed(tag, body: body)
  }
}

/// Logs which of a node's rules its traffic met. Hits of others say nothing.
struct RecordRuleHits: Operation {
  let agent: NodeAgent
  let hits: RuleHits

  func perform(in telecom: Telecom) async throws {
    for route in agent.routes {
      guard let count = hits.counts[Int64(route.id)] else { continue }
      Telemetry.logger.info(
        "traffic met a node's rule", metadata: [LogKey.node: "\(agent.id)", "route.id": "\(route.id)", "route.hits": "\(count)"])
    }
  }
}

extension NodeAgent {
  /// Why there is no node for an agent of SSPanel.
  enum ModMuError: String, DomainError {
    case protocolOfOtherAgents

    var kind: FailureKind { .failedPrecondition }
  }
}
