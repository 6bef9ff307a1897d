import Contracts
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct ExpireDuePackagesTests {
  @Test func `the next package starts in the transaction that ends the last`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue(2)
      telecom.world.clock.advance(by: .seconds(30 * TelecomWorld.day))
      let version = try await telecom.version()
      #expect(try await telecom.telecom.process(ExpireDuePackages()) == 1)
      #expect(try await telecom.statuses(of: queued.subscription) == [.consumed, .active])
      #expect(try await telecom.subscription().active?.activatedAt == telecom.now)
      // One transaction wrote both rows: they have the same xmin.
      #expect(
        try await telecom.world.number(
          "SELECT count(DISTINCT xmin::text) FROM telecom.package_queue"
        ) == 1
      )
      let consumed = try await telecom.world.published(PackageConsumed.self)
      #expect(consumed.map(\.item) == [queued.items[0]])
      #expect(consumed.map(\.reason) == [.expired])
      #expect(try await telecom.world.published(PackageActivated.self).map(\.item) == queued.items)
      #expect(try await telecom.version() == version + 1)
    }
  }

  @Test func `nothing ends a microsecond too early`() async throws {
    try await withTelecom { telecom in
      try await telecom.queue()
      telecom.world.clock.advance(by: .seconds(30 * TelecomWorld.day) - .microseconds(1))
      #expect(
        try await telecom.telecom.database.process(QueueItem.IsAnyDue(now: telecom.now)) == false
      )
      #expect(try await telecom.telecom.process(ExpireDuePackages()) == 0)
      #expect(try await telecom.users().count == 1)
      telecom.world.clock.advance(by: .microseconds(1))
      #expect(try await telecom.telecom.database.process(QueueItem.IsAnyDue(now: telecom.now)))
      // The list is right even before anybody has noticed.
      #expect(try await telecom.users().isEmpty)
      #expect(try await telecom.telecom.process(ExpireDuePackages()) == 1)
      #expect(
        try await telecom.telecom.database.process(QueueItem.IsAnyDue(now: telecom.now)) == false
      )
    }
  }

  @Test func `more than a chunk is due at once and ten workers notice it`() async throws {
    try await withTelecom { telecom in
      let count = Int(ExpireDuePackages.chunk) + 50
      try await telecom.world.execute(
        """
        INSERT INTO telecom.subscriptions (id, account_id, is_first, credential, link_token, created_at)
        SELECT gen_random_uuid(), gen_random_uuid(), true, gen_random_uuid(), sha256(n::text::bytea), now()
        FROM generate_series(1, \(count)) n;
        INSERT INTO telecom.package_queue (id, subscription_id, package_id, order_line, status, created_at, activated_at, expires_at)
        SELECT gen_random_uuid(), s.id, '\(telecom.package.id)', 1, 'active', now(), 'epoch', 'epoch' FROM telecom.subscriptions s;
        INSERT INTO telecom.package_queue (id, subscription_id, package_id, order_line, status, created_at)
        SELECT gen_random_uuid(), s.id, '\(telecom.package.id)', 1, 'in_queue', now() FROM telecom.subscriptions s;
        """
      )
      let errors = await race(10) { _ in _ = try await telecom.telecom.process(ExpireDuePackages())
      }.failed
      #expect(errors.isEmpty)
      _ = try await telecom.telecom.process(ExpireDuePackages())
      #expect(
        try await telecom.world.number(
          "SELECT count(*) FROM telecom.package_queue WHERE status = 'consumed'"
        ) == Int64(count)
      )
      #expect(
        try await telecom.world.number(
          "SELECT count(*) FROM telecom.package_queue WHERE status = 'active'"
        ) == Int64(count)
      )
      #expect(try await telecom.doublyActive() == 0)
      #expect(try await telecom.world.published(PackageConsumed.self).count == count)
      #expect(try await telecom.world.published(PackageActivated.self).count == count)
    }
  }

  @Test func `an exhausted package gives way to the next`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue(2)
      try await telecom.use(TelecomWorld.quota - 1, of: queued.items[0])
      #expect(try await telecom.users().count == 1)
      try await telecom.use(1, of: queued.items[0])
      #expect(try await telecom.users().isEmpty)
      try await telecom.telecom.transaction { telecom in
        let held = try await telecom.process(
          Subscription.LockMany(subscriptionIDs: [queued.subscription])
        ).map(HeldSubscription.init)
        try await telecom.bump(
          try await telecom.process(AdvanceQueues(subscriptions: held, now: telecom.clock.now))
        )
      }
      #expect(try await telecom.statuses(of: queued.subscription) == [.consumed, .active])
      #expect(try await telecom.world.published(PackageConsumed.self).map(\.reason) == [.exhausted])
      #expect(try await telecom.users().count == 1)
    }
  }
}
