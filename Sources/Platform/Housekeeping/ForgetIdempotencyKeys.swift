/// Deletes answers that no client asks for again.
struct ForgetIdempotencyKeys: ScheduledJob {
  static let name = "platform.forget_idempotency_keys"
  static let schedule = Schedule.every(.seconds(3_600))

  /// Programs repeat a call within minutes, people within days.
  static let kept = Duration.seconds(7 * 86_400)

  func run(in platform: Housekeeping) async throws {
    let limit = platform.clock.now - Self.kept
    try await platform.deleteInBatches {
      try await platform.database.process(
        IdempotencyKey.Prune(createdBefore: limit, batch: Housekeeping.batch)
      )
    }
  }
}
