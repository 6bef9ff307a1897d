import Platform

/// Notices node servers whose agents fall silent, and those that call again.
struct WatchNodes: ScheduledJob {
  static let name = "telecom.watch_nodes"
  /// Agents are given minutes; this adds little to them.
  static let schedule = Schedule.every(.seconds(30))

  func run(in telecom: Telecom) async throws {
    try await telecom.process(NoteSilentServers())
  }
}
