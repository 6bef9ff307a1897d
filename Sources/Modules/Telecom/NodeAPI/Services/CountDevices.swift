import Logging
import Platform
import Redis

/// How many addresses each user with a device limit has, over all nodes. Without Redis nobody is
/// limited.
struct CountDevices: NodeAgentOperation {
  func perform(in telecom: Telecom) async throws -> [Int32: Int] {
    do {
      let online = try await telecom.devices.users()
      guard !online.isEmpty else { return [:] }
      return try await telecom.devices.counts(
        of: try await telecom.process(NodeAgent.FindLimitedUsers(nodeUserIDs: online))
      )
    } catch let error as RedisError {
      Telemetry.logger.warning("devices could not be counted", metadata: [LogKey.error: "\(error)"])
      return [:]
    }
  }
}
