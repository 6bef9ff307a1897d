import AgentProtocols
import Platform

/// The users of an SSPanel agent's node, with the number of addresses from which each is online. An
/// empty list ends everybody's access, as it should.
struct ReadModMuUsers: NodeAgentOperation {
  let credentials: NodeCredentials
  let known: String?
  let lists: NodeUserListCache

  func perform(in telecom: Telecom) async throws -> NodeUserAnswer {
    let agent = try await telecom.process(BeginPoll(credentials: credentials))
    let alive = try await telecom.process(CountDevices())
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
