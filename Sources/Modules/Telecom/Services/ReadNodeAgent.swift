import Platform
import SubscriptionFormats

/// The node server that an agent serves; throws `NodeAgent.AccessError` where the credentials are not its own.
struct AuthenticateNode: Operation {
  let credentials: NodeCredentials

  func perform(in telecom: Telecom) async throws -> NodeAgent {
    var id = credentials.id
    if id == nil { id = try await telecom.database.process(FindNodeServerByToken(tokenHash: credentials.token.hash)) }
    guard let id else { throw NodeAgent.AccessError.unknownNodeOrToken }
    let row = try await telecom.database.process(FindNodeAgent(now: telecom.clock.now, id: id))
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
      settings: agent.settings, pushInterval: Int(agent.pushInterval), pullInterval: Int(agent.pullInterval),
      routes: agent.routes)
    let body = config.encoded()
    return TaggedAnswer(EntityTag(of: body), known: known) { body }
  }
}

/// The node server of an agent that asks for its users: what is due has been moved on, and the call noted.
struct BeginPoll: Operation {
  let credentials: NodeCredentials

  /// What one call moves on, so that an agent is not kept waiting when very many packages end at once; the list leaves the others out.
  private static let mostChunks = 5

  func perform(in telecom: Telecom) async throws -> NodeAgent {
    var agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    if agent.isDue {
      _ = try await telecom.process(ExpireDuePackages(mostChunks: Self.mostChunks))
      agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    }
    let now = telecom.clock.now
    if NodeAgent.isToBeNoted(now, after: agent.lastPulledAt) {
      try await telecom.database.process(TouchNodePull(now: now, id: agent.id, notedBefore: now - NodeAgent.noteInterval))
    }
    return agent
  }
}

/// Who may use an agent's node. Unchanged is answered from versions alone, without reading the list.
struct ReadNodeUsers: Operation {
  let credentials: NodeCredentials
  let encoding: NodeUserEncoding
  let known: String?

  func perform(in telecom: Telecom) async throws -> TaggedAnswer {
    let agent = try await telecom.process(BeginPoll(credentials: credentials))
    // The tag was read before the list, so that a list is never older than its tag. While something is due, the list of an equal tag may
    // still have had what this one leaves out.
    let tag = agent.listTag(encoding)
    if !agent.isDue, tag.isNamed(in: known) { return .unchanged(tag) }
    return .changed(tag, body: encoding.encode(try await telecom.users(of: agent), placeholder: agent.placeholder))
  }
}

extension Telecom {
  /// Who may use an agent's node now: nobody where it is switched off.
  func users(of agent: NodeAgent) async throws -> [NodeUser] {
    guard agent.enabled else { return [] }
    return try await database.process(UsersOfServer(now: clock.now, serverId: agent.id)).map(NodeUser.init)
  }
}

extension NodeUser {
  init(_ row: UsersOfServer.Row) {
    self.init(
      id: Int64(row.nodeUserId), credential: Credential(uuid: row.credential), speedLimit: Int(row.speedLimit ?? 0),
      deviceLimit: Int(row.deviceLimit ?? 0))
  }
}
