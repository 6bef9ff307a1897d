import AgentProtocols
import Platform
import Postgres
import SubscriptionFormats

/// Finds the node server that an agent serves; throws `NodeAgent.AccessError` if the credentials
/// are wrong.
struct AuthenticateNode: Operation {
  let credentials: NodeCredentials

  func perform(in telecom: Telecom) async throws -> NodeAgent {
    var id = credentials.id
    if id == nil {
      id = try await telecom.database.process(
        NodeServer.FindByToken(tokenHash: credentials.token.hash)
      )
    }
    guard let id else { throw NodeAgent.AccessError.unknownNodeOrToken }
    let row = try await telecom.database.process(NodeAgent.Find(now: telecom.clock.now, id: id))
    return try NodeAgent(row, credentials: credentials, globalToken: telecom.globalNodeToken)
  }
}

/// The configuration for an agent. The bytes stay the same as long as nothing changes, since agents
/// restart on a change.
struct ReadNodeConfig: Operation {
  let credentials: NodeCredentials
  let known: String?

  func perform(in telecom: Telecom) async throws -> TaggedAnswer {
    let agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    let config = UniProxyConfig(
      settings: agent.settings,
      pushInterval: Int(agent.pushInterval),
      pullInterval: Int(agent.pullInterval),
      routes: agent.routes
    )
    let body = config.encoded()
    return TaggedAnswer(EntityTag(of: body), known: known) { body }
  }
}

/// Starts answering an agent that asks for its users: advances packages that are due, and records
/// the call.
struct BeginPoll: Operation {
  let credentials: NodeCredentials

  /// Bounds how many packages one call advances, so that an agent doesn't wait long when very many
  /// end at once. The list leaves out the rest.
  private static let mostChunks = 5

  func perform(in telecom: Telecom) async throws -> NodeAgent {
    var agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    if agent.isDue {
      _ = try await telecom.process(ExpireDuePackages(mostChunks: Self.mostChunks))
      agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    }
    let now = telecom.clock.now
    if NodeAgent.isToBeNoted(now, after: agent.lastPulledAt) {
      try await telecom.database.process(
        NodeAgent.MarkPulled(now: now, id: agent.id, notedBefore: now - NodeAgent.noteInterval)
      )
    }
    return agent
  }
}

/// The users of an agent's node. An unchanged list is answered from versions alone, without reading
/// it.
struct ReadNodeUsers: Operation {
  let credentials: NodeCredentials
  let encoding: NodeUserEncoding
  let known: String?
  let lists: NodeUserListCache

  func perform(in telecom: Telecom) async throws -> NodeUserAnswer {
    let agent = try await telecom.process(BeginPoll(credentials: credentials))
    // While something is due, a list with the same tag may still have users that this list leaves
    // out.
    let tag = agent.listTag(encoding)
    if !agent.isDue, tag.isNamed(in: known) { return .unchanged(tag) }
    let (read, users) = try await telecom.users(of: agent, credentials: credentials, lists)
    let document = NodeUserDocument(
      users: users,
      dialect: .uniProxy(encoding, placeholder: read.placeholder)
    )
    return .changed(read.listTag(encoding), document)
  }
}

extension Telecom {
  /// The current users of an agent's node (none if it is switched off), and the agent's state in
  /// the same snapshot.
  ///
  /// A list is read whole before any of it is written. So an agent that reads slowly holds no
  /// connection and no snapshot, and a database that fails half-way is an error and never a shorter
  /// list.
  func users(
    of agent: NodeAgent,
    credentials: NodeCredentials,
    _ lists: NodeUserListCache
  ) async throws -> (agent: NodeAgent, users: NodeUserList) {
    guard agent.enabled else { return (agent, NodeUserList()) }
    if !agent.isDue, let users = lists.find(agent.listSource) { return (agent, users) }
    return try await database.transaction(isolation: .repeatableRead) { transaction in
      let now = clock.now
      let row = try await transaction.process(NodeAgent.Find(now: now, id: agent.id))
      let agent = try NodeAgent(row, credentials: credentials, globalToken: globalNodeToken)
      guard agent.enabled else { return (agent, NodeUserList()) }
      // Whoever waited for a connection may find the list that others read meanwhile.
      if !agent.isDue, let users = lists.find(agent.listSource) { return (agent, users) }
      var users = NodeUserList()
      try await transaction.readInChunks(
        of: NodeUserList.chunk,
        NodeServer.ListUsers(now: now, serverID: agent.id)
      ) { rows in
        users.append(rows.map(NodeUser.init))
      }
      if !agent.isDue { lists.keep(users, agent.listSource) }
      return (agent, users)
    }
  }
}

extension NodeUser {
  init(_ row: NodeServer.ListUsers.Row) {
    self.init(
      id: Int64(row.nodeUserID),
      credential: Credential(uuid: row.credential),
      speedLimit: Int(row.speedLimit ?? 0),
      deviceLimit: Int(row.deviceLimit ?? 0)
    )
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
