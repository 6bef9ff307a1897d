/// Deletes the inbox rows of messages that can't come again.
struct ForgetHandledMessages: ScheduledJob {
  static let name = "platform.forget_handled_messages"
  static let schedule = Schedule.every(.seconds(3_600))

  /// A message is retried for an hour, and a dead letter is replayed within a month or never.
  static let kept = Duration.seconds(30 * 86_400)

  func run(in platform: Housekeeping) async throws {
    let limit = platform.clock.now - Self.kept
    try await platform.deleteInBatches {
      try await platform.database.process(
        Inbox.Prune(handledBefore: limit, batch: Housekeeping.batch)
      )
    }
  }
}
