import Platform

/// Makes the partitions of the months to come, and drops those that are older than an operator
/// keeps them.
struct KeepUsageMonths: ScheduledJob {
  static let name = "telecom.keep_usage_months"
  static let schedule = Schedule.every(.seconds(6 * 3_600))

  /// How many months may pass without this job before hours land in the default partition.
  private static let monthsAhead = 3
  /// Into the next month from anywhere in this one, and never two months on.
  private static let month = Duration.seconds(31 * 86_400)

  func run(in telecom: Telecom) async throws {
    let now = telecom.clock.now
    for ahead in 0...Self.monthsAhead {
      try await telecom.process(UsageHours.MakeMonth(at: now + Self.month * ahead))
    }
    let kept = telecom.settings().usageKeptDays
    _ = try await telecom.process(
      UsageHours.DropMonths(cutoff: now - .seconds(86_400 * kept))
    )
  }
}
