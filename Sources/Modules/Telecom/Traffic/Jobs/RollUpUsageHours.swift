import Platform

/// Rolls the ledger of usage up to hours.
struct RollUpUsageHours: ScheduledJob {
  static let name = "telecom.roll_up_usage_hours"
  /// How far the hours lag behind the totals; the ledger stays small.
  static let schedule = Schedule.every(.seconds(10))

  func run(in telecom: Telecom) async throws {
    _ = try await telecom.process(RollUpLedger())
  }
}
