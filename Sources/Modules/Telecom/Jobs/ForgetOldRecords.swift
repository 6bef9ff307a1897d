import AgentProtocols
import Platform

/// Deletes what operators keep for a time: devices that were not seen for long, days of fetches,
/// and hits of rules.
struct ForgetOldRecords: ScheduledJob {
  static let name = "telecom.forget_old_records"
  static let schedule = Schedule.every(.seconds(3_600))

  /// Operators look at these by the month, as at traffic that was set aside.
  static let ruleHitsKept = Duration.seconds(90 * 86_400)

  func run(in telecom: Telecom) async throws {
    let now = telecom.clock.now
    let settings = telecom.settings()
    try await telecom.deleteInBatches { telecom, batch in
      try await telecom.process(
        SubscriptionDevice.Prune(seenBefore: telecom.module.devicesKept(at: now), batch: batch)
      )
    }
    // The day on which that moment is stays, so a day is kept whole until it is that old.
    try await telecom.deleteInBatches { telecom, batch in
      try await telecom.process(
        SubscriptionFetch.PruneDays(
          keptSince: now - .seconds(86_400 * settings.fetchDaysKept),
          timeZone: settings.timeZone,
          batch: batch
        )
      )
    }
    try await telecom.deleteInBatches { telecom, batch in
      try await telecom.process(
        RuleHits.Prune(keptSince: now - Self.ruleHitsKept, batch: batch)
      )
    }
  }
}
