import AgentProtocols
import Logging
import Platform
import Redis

/// Stores what a node's agent reports about its machine.
struct RecordNodeStatus: NodeAgentOperation {
  let agent: NodeAgent
  let status: NodeStatus
  let metrics: NodeMetrics?

  func perform(in telecom: Telecom) async throws {
    do {
      try await telecom.conditions.note(status, metrics, of: agent.id)
    } catch let error as RedisError {
      Telemetry.logger.warning(
        "a node's status could not be stored",
        metadata: [LogKey.node: "\(agent.id)", LogKey.error: "\(error)"]
      )
    }
  }
}

extension Telecom {
  /// What nodes' machines are like, and who used them last.
  var conditions: NodeConditions { NodeConditions(redis: redis, clock: clock) }
}
