import AgentProtocols
import Logging
import Platform
import Redis

/// Records which addresses a node saw, and how many. Without Redis nothing is recorded, and device
/// limits have no effect.
struct RecordDevices: Operation {
  let agent: NodeAgent
  let report: DeviceReport
  let devices: NodeDevices

  func perform(in telecom: Telecom) async throws {
    do {
      try await devices.record(report.devices, pushInterval: agent.pushInterval)
      try await NodeConditions(redis: devices.redis, clock: telecom.clock).note(
        report.devices,
        of: agent.id
      )
    } catch let error as RedisError {
      Telemetry.logger.warning(
        "devices could not be recorded",
        metadata: [LogKey.node: "\(agent.id)", LogKey.error: "\(error)"]
      )
    }
  }
}

/// How many addresses each user with a device limit has, over all nodes. Without Redis nobody is
/// limited.
struct CountDevices: Operation {
  let devices: NodeDevices

  func perform(in telecom: Telecom) async throws -> [Int32: Int] {
    do {
      let online = try await devices.users()
      guard !online.isEmpty else { return [:] }
      return try await devices.counts(
        of: try await telecom.database.process(NodeAgent.FindLimitedUsers(nodeUserIDs: online))
      )
    } catch let error as RedisError {
      Telemetry.logger.warning("devices could not be counted", metadata: [LogKey.error: "\(error)"])
      return [:]
    }
  }
}

/// Stores what a node's agent reports about its machine.
struct RecordNodeStatus: Operation {
  let agent: NodeAgent
  let status: NodeStatus
  let metrics: NodeMetrics?
  let redis: RedisClient

  func perform(in telecom: Telecom) async throws {
    do {
      try await NodeConditions(redis: redis, clock: telecom.clock).note(
        status,
        metrics,
        of: agent.id
      )
    } catch let error as RedisError {
      Telemetry.logger.warning(
        "a node's status could not be stored",
        metadata: [LogKey.node: "\(agent.id)", LogKey.error: "\(error)"]
      )
    }
  }
}
