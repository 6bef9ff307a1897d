import Contracts
import FoundationEssentials
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct ResetTrafficTests {
  private static let january31 = Instant.iso("2027-01-31T10:00:00Z")

  @Test
  func
    `traffic starts anew each month on the day of the activation, on the last where a month is shorter`()
    async throws
  {
    try await withTelecom { telecom in
      telecom.travel(to: Self.january31)
      try await telecom.deliver(.monthly)
      let queued = try await telecom.queue()
      var resets: [Instant] = []
      for _ in 0..<4 {
        let active = try #require(try await telecom.subscription().active)
        let next = try #require(active.resetsAt)
        resets.append(next)
        try await telecom.use(500, of: queued.items[0])
        telecom.travel(to: next - .microseconds(1))
        #expect(try await telecom.telecom.process(ExpireDuePackages()) == 0)
        telecom.travel(to: next)
        #expect(try await telecom.telecom.process(ExpireDuePackages()) == 1)
        #expect(try await telecom.subscription().active?.download == 0)
      }
      #expect(
        resets
          == [
            "2027-02-28T10:00:00Z", "2027-03-31T10:00:00Z", "2027-04-30T10:00:00Z",
            "2027-05-31T10:00:00Z",
          ].map(Instant.iso)
      )
      #expect(
        try await telecom.world.published(PackageTrafficReset.self).map(\.item)
          == Array(repeating: queued.items[0], count: 4)
      )
    }
  }

  @Test func `a calendar month begins at midnight of the operator's time zone`() async throws {
    var settings = TelecomSettings()
    settings.timeZone = "Asia/Shanghai"
    try await withTelecom(settings: settings) { telecom in
      telecom.travel(to: Self.january31)
      try await telecom.deliver(.calendarMonth)
      try await telecom.queue()
      #expect(
        try await telecom.subscription().active?.resetsAt == Instant.iso("2027-01-31T16:00:00Z")
      )
    }
  }

  @Test func `months that nobody noticed are caught up in one step`() async throws {
    try await withTelecom { telecom in
      telecom.travel(to: Self.january31)
      try await telecom.deliver(.monthly)
      let queued = try await telecom.queue()
      try await telecom.use(TelecomWorld.quota, of: queued.items[0])
      telecom.travel(to: Instant.iso("2027-06-15T00:00:00Z"))
      #expect(try await telecom.telecom.database.process(QueueItem.IsAnyDue(now: telecom.now)))
      #expect(try await telecom.telecom.process(ExpireDuePackages()) == 1)
      #expect(try await telecom.telecom.process(ExpireDuePackages()) == 0)
      #expect(
        try await telecom.telecom.database.process(QueueItem.IsAnyDue(now: telecom.now)) == false
      )
      let active = try #require(try await telecom.subscription().active)
      #expect(active.resetsAt == Instant.iso("2027-06-30T10:00:00Z"))
      #expect(active.download == 0)
      #expect(try await telecom.world.published(PackageTrafficReset.self).count == 1)
    }
  }

  @Test
  func `without traffic a package waits for its next period, and leaves the nodes until then`()
    async throws
  {
    try await withTelecom { telecom in
      telecom.travel(to: Self.january31)
      try await telecom.deliver(.monthly)
      let queued = try await telecom.queue(2)
      let version = try await telecom.version()
      try await telecom.use(TelecomWorld.quota, of: queued.items[0])
      try await telecom.advance(queued.subscription)
      try await telecom.advance(queued.subscription)
      #expect(try await telecom.statuses(of: queued.subscription) == [.active, .inQueue])
      #expect(try await telecom.subscription().active?.exhaustedAt == telecom.now)
      #expect(try await telecom.users().isEmpty)
      #expect(try await telecom.version() == version + 1)
      #expect(
        try await telecom.world.published(PackageTrafficExhausted.self).map(\.item) == [
          queued.items[0]
        ]
      )

      telecom.travel(to: Instant.iso("2027-02-28T10:00:00Z"))
      #expect(try await telecom.telecom.process(ExpireDuePackages()) == 1)
      #expect(try await telecom.subscription().active?.exhaustedAt == nil)
      #expect(try await telecom.users().count == 1)
      #expect(try await telecom.version() == version + 2)
    }
  }

  @Test func `traffic that an operator adds ends the wait`() async throws {
    try await withTelecom { telecom in
      telecom.travel(to: Self.january31)
      try await telecom.deliver(.calendarMonth)
      let queued = try await telecom.queue()
      try await telecom.use(TelecomWorld.quota, of: queued.items[0])
      try await telecom.advance(queued.subscription)
      _ = try await telecom.telecom.process(
        AdjustQuota(item: queued.items[0], delta: 500, reason: "an outage"),
        as: telecom.admin
      )
      #expect(try await telecom.subscription().active?.exhaustedAt == nil)
      #expect(try await telecom.users().count == 1)
    }
  }

  @Test func `what an operator adds counts for one period`() async throws {
    try await withTelecom { telecom in
      telecom.travel(to: Self.january31)
      try await telecom.deliver(.monthly)
      let queued = try await telecom.queue()
      _ = try await telecom.telecom.process(
        AdjustQuota(item: queued.items[0], delta: 500, reason: "an outage"),
        as: telecom.admin
      )
      #expect(try await telecom.subscription().active?.quota == TelecomWorld.quota + 500)
      telecom.travel(to: Instant.iso("2027-02-28T10:00:00Z"))
      try await telecom.advance(queued.subscription)
      #expect(try await telecom.subscription().active?.quota == TelecomWorld.quota)
    }
  }

  @Test func `what an operator adds as a period begins counts for that period`() async throws {
    try await withTelecom { telecom in
      telecom.travel(to: Self.january31)
      try await telecom.deliver(.monthly)
      let queued = try await telecom.queue()
      try await telecom.use(TelecomWorld.quota, of: queued.items[0])
      telecom.travel(to: Instant.iso("2027-02-28T10:00:00Z"))
      _ = try await telecom.telecom.process(
        AdjustQuota(item: queued.items[0], delta: 500, reason: "an outage"),
        as: telecom.admin
      )
      let active = try #require(try await telecom.subscription().active)
      #expect(active.download == 0)
      #expect(active.quota == TelecomWorld.quota + 500)
    }
  }

  @Test func `a customer may give up the periods that are left for the next package`() async throws
  {
    try await withTelecom { telecom in
      telecom.travel(to: Self.january31)
      try await telecom.deliver(.monthly)
      let queued = try await telecom.queue(2)
      let start = StartNextPackage(subscription: queued.subscription, account: telecom.account)
      await #expect(throws: QueueItem.ChangeError.packageNotExhausted) {
        try await telecom.telecom.process(start)
      }
      try await telecom.use(TelecomWorld.quota, of: queued.items[0])
      // Nobody has noticed yet that it is out of traffic.
      let errors = await race(20) { _ in _ = try await telecom.telecom.process(start) }.failed
      #expect(errors.count == 19)
      #expect(errors.allSatisfy { $0 as? QueueItem.ChangeError == .nothingWaits })
      #expect(try await telecom.statuses(of: queued.subscription) == [.consumed, .active])
      #expect(try await telecom.users().count == 1)
      #expect(try await telecom.world.published(PackageConsumed.self).map(\.reason) == [.exhausted])
      let foreign = StartNextPackage(
        subscription: queued.subscription,
        account: telecom.world.ids.next()
      )
      await #expect(throws: NotFound.self) { try await telecom.telecom.process(foreign) }
    }
  }

  @Test func `in its last period a package is consumed by traffic`() async throws {
    try await withTelecom { telecom in
      telecom.travel(to: Self.january31)
      try await telecom.deliver(.monthly, days: 20)
      let queued = try await telecom.queue(2)
      try await telecom.use(TelecomWorld.quota, of: queued.items[0])
      try await telecom.advance(queued.subscription)
      #expect(try await telecom.statuses(of: queued.subscription) == [.consumed, .active])
    }
  }

  @Test func `a package that is over does not start anew`() async throws {
    try await withTelecom { telecom in
      telecom.travel(to: Self.january31)
      try await telecom.deliver(.monthly, days: 40)
      let queued = try await telecom.queue()
      try await telecom.use(400, of: queued.items[0])
      telecom.travel(to: Instant.iso("2027-06-15T00:00:00Z"))
      #expect(try await telecom.telecom.process(ExpireDuePackages()) == 1)
      #expect(try await telecom.statuses(of: queued.subscription) == [.consumed])
      #expect(try await telecom.world.published(PackageTrafficReset.self).isEmpty)
    }
  }
}

extension Instant {
  static func iso(_ text: String) -> Instant {
    guard let date = try? Date(text, strategy: .iso8601) else {
      preconditionFailure("\(text) is no date")
    }
    return Instant(microseconds: Int64(date.timeIntervalSince1970 * 1_000_000))
  }
}
