import AgentProtocols
import Platform

/// Counts which users' traffic matched which rules of a node. Hits of unknown rules or users are
/// ignored.
struct RecordRuleHits: NodeAgentOperation {
  let agent: NodeAgent
  let hits: RuleHits

  func perform(in telecom: Telecom) async throws {
    let rules = Set(
      agent.routes.filter { $0.action == .block }.compactMap { Int32(exactly: $0.id) }
    )
    let known = hits.counts.filter { rules.contains($0.key.rule) }
    guard !known.isEmpty else { return }
    let rows = Array(known)
    try await telecom.process(
      RuleHits.Add(
        nodeID: agent.id,
        ruleIDs: rows.map(\.key.rule),
        nodeUserIDs: rows.map(\.key.user),
        hits: rows.map { Int64($0.value) },
        now: telecom.clock.now
      )
    )
  }
}
