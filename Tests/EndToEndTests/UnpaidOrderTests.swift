import Testing

/// What becomes of an order that nobody pays, and how soon a changed setting counts.
@Suite struct UnpaidOrderTests {
  @Test
  func
    `an order that isn't paid in the time that the settings give is cancelled and not delivered`()
    async throws
  {
    try await Installation.withOwn { installation in
      let others = Installation.modes.filter { $0 != "cron_executor" }
      try await Crew.with(others, of: installation) { crew in
        let business = try await Business(in: installation, customers: 1)
        try await business.run("unpaid_order", "place")
        // The shortest time-out is a minute, and nobody waits for it here: its end is brought
        // forward. The worker that looks for overdue orders starts only then, or it would look
        // again at the next full minute.
        let moved = try await installation.sql(
          "UPDATE shop.orders SET pay_until = now() WHERE status = 'unpaid' RETURNING id"
        )
        #expect(moved.count == 1)
        try crew.start("cron_executor")
        try await crew.waitUntilReady()
        try await business.run("unpaid_order", "watch")
        try await business.settle(crew)
      }
    }
  }
}
