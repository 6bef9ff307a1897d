import Platform

/// Starts answering an agent that asks for its users: advances packages that are due, and records
/// the call.
struct BeginPoll: Operation {
  let credentials: NodeCredentials

  /// Bounds how many packages one call advances, so that an agent doesn't wait long when very many
  /// end at once. The list leaves out the rest.
  private static let maxChunks = 5

  func perform(in telecom: Telecom) async throws -> NodeAgent {
    var agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    if agent.isDue {
      _ = try await telecom.process(ExpireDuePackages(maxChunks: Self.maxChunks))
      agent = try await telecom.process(AuthenticateNode(credentials: credentials))
    }
    let now = telecom.clock.now
    if NodeAgent.isToBeNoted(now, after: agent.lastPulledAt) {
      try await telecom.process(
        NodeAgent.MarkPulled(now: now, id: agent.id, notedBefore: now - NodeAgent.noteInterval)
      )
    }
    return agent
  }
}
