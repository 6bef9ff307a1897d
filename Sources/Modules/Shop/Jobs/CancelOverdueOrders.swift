import Platform

/// Cancels orders whose time to pay is over.
struct CancelOverdueOrders: ScheduledJob {
  static let name = "shop.cancel_overdue_orders"
  static let schedule = Schedule.every(.seconds(60))

  /// Locks are short and a failure repeats little.
  static let batch: Int32 = 500

  func run(in shop: Shop) async throws {
    while try await cancelBatch(in: shop) == Int(Self.batch) {}
  }

  private func cancelBatch(in shop: Shop) async throws -> Int {
    try await shop.transaction { shop, transaction in
      let overdue = try await transaction.process(TakeOverdueOrders(now: shop.clock.now, batch: Self.batch))
      for order in overdue {
        try await shop.process(CancelOrder(id: order, reason: .timeout))
      }
      return overdue.count
    }
  }
}
