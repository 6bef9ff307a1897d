import Platform

/// Deletes reports that are applied and too old to be re-sent, old rows that were set aside, and what groups could use long ago. What was
/// billed stays in the hours.
struct PruneTraffic: ScheduledJob {
  static let name = "telecom.prune_traffic"
  static let schedule = Schedule.every(.seconds(600))

  /// Long enough to look into a complaint about yesterday.
  private static let reportsKept = Duration.seconds(2 * 86_400)
  /// Operators look at these by the month.
  private static let setAsideKept = Duration.seconds(90 * 86_400)
  /// Rows of one transaction, so that it stays short.
  private static let batch: Int32 = 1_000

  func run(in telecom: Telecom) async throws {
    let now = telecom.clock.now
    var deleted = Int(Self.batch)
    while deleted == Int(Self.batch) {
      deleted = try await telecom.transaction { _, transaction in
        try await transaction.process(PruneTrafficReports(seenBefore: now - Self.reportsKept, batch: Self.batch))
      }
    }
    _ = try await telecom.database.process(PrunePastGroupServers(removedBefore: now - Self.reportsKept))
    deleted = Int(Self.batch)
    while deleted == Int(Self.batch) {
      deleted = try await telecom.database.process(PruneTrafficSetAside(createdBefore: now - Self.setAsideKept, batch: Self.batch))
    }
  }
}
