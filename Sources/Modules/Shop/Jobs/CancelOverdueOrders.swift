import Platform

/// Cancels orders whose time to pay is over, and gives back what they reserved.
struct CancelOverdueOrders: ScheduledJob {
  static let name = "shop.cancel_overdue_orders"
  static let schedule = Schedule.every(.seconds(60))

  /// Locks are short and a failure repeats little.
  static let batch: Int32 = 500

  func run(in shop: Shop) async throws {
    let now = shop.clock.now
    while try await cancelBatch(in: shop, at: now) == Int64(Self.batch) {}
  }

  private func cancelBatch(in shop: Shop, at now: Instant) async throws -> Int64 {
    try await shop.transaction { batch in
      try await batch.process(CustomerOrder.CancelOverdue(now: now, batch: Self.batch))
    }
  }
}
