import Platform

/// Notices node servers whose agents fall silent, and those that call again.
struct WatchNodes: ScheduledJob {
  static let name = "telecom.watch_nodes"
  /// Agents have minutes before they count as silent; this adds little.
  static let schedule = Schedule.every(.seconds(30))

  func run(in telecom: Telecom) async throws {
    try await telecom.process(NoteSilentServers())
  }
}
