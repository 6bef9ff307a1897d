/// Deletes the records of old runs.
struct ForgetCronRuns: ScheduledJob {
  static let name = "platform.forget_cron_runs"
  static let schedule = Schedule.every(.seconds(3_600))

  /// Far more than any job's interval: a slot whose row is gone while it is the newest would be run
  /// again.
  static let kept = Duration.seconds(14 * 86_400)

  func run(in platform: Housekeeping) async throws {
    let limit = platform.clock.now - Self.kept
    try await platform.deleteInBatches {
      try await platform.database.process(
        CronRun.Prune(startedBefore: limit, batch: Housekeeping.batch)
      )
    }
  }
}
