import Platform

/// Ends packages that have run out of time and begins their new periods, also where no node or
/// client asks.
struct ExpirePackages: ScheduledJob {
  static let name = "telecom.expire_packages"
  /// How late an expiry can be when nobody polls. Polls by nodes and fetches by clients check for
  /// themselves.
  static let schedule = Schedule.every(.seconds(10))

  func run(in telecom: Telecom) async throws {
    _ = try await telecom.process(ExpireDuePackages())
  }
}
