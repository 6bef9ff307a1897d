import Platform

/// Deletes reports that are applied and too old to be re-sent, old rows that were set aside, and
/// what groups could use long ago. What was billed stays in the hours.
struct PruneTraffic: ScheduledJob {
  static let name = "telecom.prune_traffic"
  static let schedule = Schedule.every(.seconds(600))

  /// Long enough to look into a complaint about yesterday.
  private static let reportsKept = Duration.seconds(2 * 86_400)
  /// Operators look at these by the month.
  private static let setAsideKept = Duration.seconds(90 * 86_400)

  func run(in telecom: Telecom) async throws {
    let now = telecom.clock.now
    try await telecom.deleteInBatches { telecom, batch in
      try await telecom.process(
        TrafficReport.Prune(seenBefore: now - Self.reportsKept, batch: batch)
      )
    }
    _ = try await telecom.process(
      NodeGroup.PrunePastServers(removedBefore: now - Self.reportsKept)
    )
    try await telecom.deleteInBatches { telecom, batch in
      try await telecom.process(
        TrafficSetAside.Prune(createdBefore: now - Self.setAsideKept, batch: batch)
      )
    }
  }
}
