import Platform
import SubscriptionFormats

/// The node server that an agent serves; throws `NodeAgent.AccessError` where the credentials are not its own.
struct AuthenticateNode: Operation {
  let credentials: NodeCredentials

  func perform(in telecom: Telecom) async throws -> NodeAgent {
    let row = try await telecom.database.process(FindNodeAgent(now: telecom.clock.now, id: credentials.id))
    return try NodeAgent(row, credentials: credentials)
  }
}

/// What an agent is to run. The same bytes as long as nothing changes, for agents restart on a change.
struct ReadNodeConfig: Operation {
  let credentials: NodeCredentials
  let known: String?

  func perform(in telecom: Telecom) async throws -> TaggedAnswer {
    let agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    let config = UniProxyConfig(
      settings: agent.settings, pushInterval: Int(agent.pushInterval), pullInterval: Int(agent.pullInterval))
    let body = config.encoded()
    return TaggedAnswer(EntityTag(of: body), known: known) { body }
  }
}

/// Who may use an agent's node. Unchanged is answered from versions alone, without reading the list.
struct ReadNodeUsers: Operation {
  let credentials: NodeCredentials
  let encoding: NodeUserEncoding
  let known: String?

  /// What one call moves on, so that an agent is not kept waiting when very many packages end at once; the list leaves the others out.
  private static let mostChunks = 5

  func perform(in telecom: Telecom) async throws -> TaggedAnswer {
    var agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    if agent.isDue {
      _ = try await telecom.process(ExpireDuePackages(mostChunks: Self.mostChunks))
      agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    }
    let now = telecom.clock.now
    if NodeAgent.isToBeNoted(now, after: agent.lastPulledAt) {
      try await telecom.database.process(TouchNodePull(now: now, id: agent.id, notedBefore: now - NodeAgent.noteInterval))
    }
    // The tag was read before the list, so that a list is never older than its tag. While something is due, the list of an equal tag may
    // still have had what this one leaves out.
    let tag = agent.listTag(encoding)
    if !agent.isDue, tag.isNamed(in: known) { return .unchanged(tag) }
    let rows = agent.enabled ? try await telecom.database.process(UsersOfServer(now: now, serverId: agent.id)) : []
    return .changed(tag, body: encoding.encode(rows.map(NodeUser.init), placeholder: agent.placeholder))
  }
}

extension NodeUser {
  fileprivate init(_ row: UsersOfServer.Row) {
    self.init(
      id: Int64(row.nodeUserId), credential: Credential(uuid: row.credential), speedLimit: Int(row.speedLimit ?? 0),
      deviceLimit: Int(row.deviceLimit ?? 0))
  }
}
