import AgentProtocols
import Logging
import Platform
import Redis

/// Records which addresses a node saw, and how many. Without Redis nothing is recorded, and device
/// limits have no effect.
struct RecordDevices: NodeAgentOperation {
  let agent: NodeAgent
  let report: DeviceReport

  func perform(in telecom: Telecom) async throws {
    do {
      try await telecom.devices.record(report.devices, pushInterval: agent.pushInterval)
      try await telecom.conditions.note(report.devices, of: agent.id)
    } catch let error as RedisError {
      Telemetry.logger.warning(
        "devices could not be recorded",
        metadata: [LogKey.node: "\(agent.id)", LogKey.error: "\(error)"]
      )
    }
  }
}

extension Telecom {
  /// Who uses which subscription from where.
  var devices: NodeDevices { NodeDevices(redis: redis, clock: clock) }
}
