import AgentProtocols
import Platform

/// The configuration for an agent. The bytes stay the same as long as nothing changes, since agents
/// restart on a change.
struct ReadNodeConfig: NodeAgentOperation {
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
