import Platform

/// Deletes what operators keep for a time: devices that were not seen for long, days of fetches, and hits of rules.
struct ForgetOldRecords: ScheduledJob {
  static let name = "telecom.forget_old_records"
  static let schedule = Schedule.every(.seconds(3_600))

  /// Operators look at these by the month, as at traffic that was set aside.
  static let ruleHitsKept = Duration.seconds(90 * 86_400)
  /// Rows of one transaction, so that it stays short.
  private static let batch: Int32 = 1_000

  func run(in telecom: Telecom) async throws {
    let now = telecom.clock.now
    let settings = telecom.settings()
    try await telecom.deleteAll(PruneDevices(seenBefore: telecom.devicesKept(at: now), batch: Self.batch), batch: Self.batch)
    // The day on which that moment is stays, so a day is kept whole until it is that old.
    try await telecom.deleteAll(
      PruneFetchDays(keptSince: now - .seconds(86_400 * settings.fetchDaysKept), timeZone: settings.timeZone, batch: Self.batch),
      batch: Self.batch)
    try await telecom.deleteAll(PruneRuleHits(keptSince: now - Self.ruleHitsKept, batch: Self.batch), batch: Self.batch)
  }
}

extension Telecom {
  /// Runs a statement that deletes up to `batch` rows until it finds fewer, each time in a transaction of its own.
  fileprivate func deleteAll<S: Statement>(_ statement: S, batch: Int32) async throws where S.Context == Transaction, S.Output == Int {
    var deleted = Int(batch)
    while deleted == Int(batch) {
      deleted = try await transaction { _, transaction in try await transaction.process(statement) }
    }
  }
}
