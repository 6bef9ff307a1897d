import AgentProtocols
import Platform
import Postgres
import SubscriptionFormats

/// The users of an agent's node. An unchanged list is answered from versions alone, without reading
/// it.
struct ReadNodeUsers: NodeAgentOperation {
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
