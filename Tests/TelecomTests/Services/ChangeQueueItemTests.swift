import Contracts
import FieldViolations
import Platform
import SwiftProtobuf
import TelecomProtos
import Testing
import WorldKit

@testable import Telecom

@Suite struct ChangeQueueItemTests {
  @Test func `taking an active package's last traffic starts the next`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue(2)
      try await telecom.use(400, of: queued.items[0])
      let version = try await telecom.version()
      let change = try AdjustQuota(item: queued.items[0], delta: -600, reason: "abuse")
      _ = try await telecom.telecom.process(change, as: telecom.admin)
      #expect(try await telecom.statuses(of: queued.subscription) == [.consumed, .active])
      #expect(try await telecom.version() == version + 1)
      #expect(telecom.audit.entries.last?.detail == "adjust by -600 bytes: abuse")
    }
  }

  @Test func `added traffic is in the usage at once`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue(2)
      _ = try await telecom.telecom.process(
        try AdjustQuota(item: queued.items[0], delta: 500, reason: "sorry"),
        as: telecom.admin
      )
      let usage = try await telecom.telecom.process(
        GetUsage(subscription: queued.subscription, account: telecom.account)
      )
      #expect(usage.active?.quota == 1_500)
      #expect(usage.waiting == 1)
    }
  }

  @Test func `an extended package ends that much later`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue()
      _ = try await telecom.telecom.process(
        try ExtendPackage(item: queued.items[0], seconds: TelecomWorld.day, reason: "outage"),
        as: telecom.admin
      )
      telecom.world.clock.advance(by: .seconds(31 * TelecomWorld.day) - .microseconds(1))
      #expect(try await telecom.telecom.process(ExpireDuePackages()) == 0)
      telecom.world.clock.advance(by: .microseconds(1))
      #expect(try await telecom.telecom.process(ExpireDuePackages()) == 1)
    }
  }

  @Test func `a cancelled package leaves at once, and the next starts`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue(3)
      let version = try await telecom.version()
      _ = try await telecom.telecom.process(
        try CancelPackage(item: queued.items[1], reason: "refund"),
        as: telecom.admin
      )
      #expect(try await telecom.version() == version)
      _ = try await telecom.telecom.process(
        try CancelPackage(item: queued.items[0], reason: "refund"),
        as: telecom.admin
      )
      #expect(try await telecom.version() == version + 1)
      #expect(
        try await telecom.statuses(of: queued.subscription) == [.cancelled, .cancelled, .active]
      )
      #expect(
        try await telecom.world.published(PackageCancelled.self).map(\.item) == [
          queued.items[1], queued.items[0],
        ]
      )
      _ = try await telecom.telecom.process(
        try CancelPackage(item: queued.items[2], reason: "refund"),
        as: telecom.admin
      )
      #expect(try await telecom.users().isEmpty)
      #expect(try await telecom.version() == version + 2)
      await #expect(throws: QueueItem.ChangeError.packageHasEnded) {
        _ = try await telecom.telecom.process(
          try CancelPackage(item: queued.items[2], reason: "refund"),
          as: telecom.admin
        )
      }
      #expect(telecom.audit.entries.last?.outcome == .failed)
    }
  }

  @Test func `what has no reason or no effect is refused by field`() throws {
    func fields(_ body: () throws -> Void) -> [String] {
      do {
        try body()
        return []
      } catch {
        return (error as? InvalidInput)?.violations.map(\.field) ?? []
      }
    }
    #expect(
      fields { _ = try AdjustQuota(item: .first, delta: 0, reason: "") } == [
        "delta_bytes", "reason",
      ]
    )
    #expect(
      fields { _ = try ExtendPackage(item: .first, seconds: 0, reason: " ") } == [
        "seconds", "reason",
      ]
    )
    #expect(fields { _ = try CancelPackage(item: .first, reason: "") } == ["reason"])
    #expect(
      fields { _ = try GrantPackage(account: .first, series: .first, amount: 0, reason: "") } == [
        "amount", "reason",
      ]
    )
  }

  @Test func `a granted package is queued, and the same call again grants nothing more`()
    async throws
  {
    try await withTelecom { telecom in
      let request = Helium_Telecom_V1_GrantPackageRequest.with {
        $0.accountID = telecom.account.description
        $0.seriesID = telecom.package.series.description
        $0.amount = 2
        $0.reason = "gift"
      }
      let admin = Caller.admin(telecom.admin)
      let answers = try await [
        telecom.answer(GrantPackage.self, request, as: admin, key: "one"),
        telecom.answer(GrantPackage.self, request, as: admin, key: "one"),
      ]
      #expect(answers[0] == answers[1])
      #expect(answers[0].itemIds.count == 2)
      let subscription = try await telecom.subscription().id
      #expect(try await telecom.statuses(of: subscription) == [.active, .inQueue])
      #expect(try await telecom.world.published(OrderDelivered.self).isEmpty)
    }
  }

  @Test func `fifty cancellations and deliveries at once leave one package active`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue(25)
      let errors = await race(50) { index in
        if index < 25 {
          _ = try await telecom.telecom.process(
            try CancelPackage(item: queued.items[index], reason: "race"),
            as: telecom.admin
          )
        } else {
          try await telecom.queue(1, order: telecom.world.ids.next())
        }
      }.failed
      #expect(errors.isEmpty)
      #expect(
        try await telecom.world.number(
          "SELECT count(*) FROM telecom.package_queue WHERE status = 'active'"
        ) == 1
      )
      #expect(
        try await telecom.world.number(
          "SELECT count(*) FROM telecom.package_queue WHERE status = 'in_queue'"
        ) == 24
      )
      #expect(
        try await telecom.world.number(
          "SELECT count(*) FROM telecom.package_queue WHERE status = 'cancelled'"
        ) == 25
      )
    }
  }
}
