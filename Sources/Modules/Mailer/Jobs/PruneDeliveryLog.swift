import Platform

/// Removes the oldest rows of the delivery log.
struct PruneDeliveryLog: ScheduledJob {
  static let name = "mailer.prune_deliveries"
  /// When few people wait for mails.
  static let schedule = Schedule.daily(hour: 3, minute: 40)

  /// Each batch is a statement of its own, so that mails don't wait long for locks.
  static let batch: Int32 = 1_000

  func run(in mailer: Mailer) async throws {
    let before = mailer.clock.now - .seconds(mailer.settings().deliveryRetentionDays * 86_400)
    while try await mailer.process(
      Delivery.Prune(updatedBefore: before, batch: Self.batch)
    ) == Int(Self.batch) {}
  }
}
