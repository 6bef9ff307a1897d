import Contracts
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct QueuePackagesTests {
  @Test func `the first package starts at once and the others wait behind it`() async throws {
    try await withTelecom { telecom in
      let order: Order.ID = telecom.world.ids.next()
      let queued = try await telecom.queue(3, order: order)
      #expect(try await telecom.statuses(of: queued.subscription) == [.active, .inQueue, .inQueue])
      #expect(try await telecom.subscription().active?.item == queued.items.first)
      #expect(
        try await telecom.world.published(PackageActivated.self).map(\.item) == [
          try #require(queued.items.first)
        ]
      )
      #expect(try await telecom.world.published(OrderDelivered.self).map(\.order) == [order])
    }
  }

  @Test func `a queue is first in, first out, also when the clock stands`() async throws {
    try await withTelecom { telecom in
      var expected: [PackageQueueItem.ID] = []
      for _ in 0..<5 { expected += try await telecom.queue(4).items }
      let subscription = try await telecom.subscription().id
      var activated: [PackageQueueItem.ID] = []
      for _ in expected {
        activated.append(try #require(try await telecom.subscription().active?.item))
        telecom.world.clock.advance(by: .seconds(31 * TelecomWorld.day))
        #expect(try await telecom.telecom.process(ExpireDuePackages()) == 1)
      }
      #expect(activated == expected)
      #expect(
        try await telecom.statuses(of: subscription) == Array(repeating: .consumed, count: 20)
      )
    }
  }

  @Test func `an order that is delivered twice is delivered once`() async throws {
    try await withTelecom { telecom in
      let order: Order.ID = telecom.world.ids.next()
      try await telecom.queue(2, order: order)
      let version = try await telecom.version()
      #expect(try await telecom.queue(2, order: order).items == [])
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.package_queue") == 2)
      #expect(try await telecom.world.published(OrderDelivered.self).count == 1)
      #expect(try await telecom.version() == version)
    }
  }

  @Test func `fifty deliveries of one order at once deliver it once`() async throws {
    try await withTelecom { telecom in
      let order: Order.ID = telecom.world.ids.next()
      let errors = await race(50) { _ in try await telecom.queue(2, order: order) }.failed
      #expect(errors.isEmpty)
      let copies = try await telecom.world.number("SELECT count(*) FROM telecom.package_queue")
      #expect(copies == 2)
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.subscriptions") == 1)
      #expect(try await telecom.world.published(PackageActivated.self).count == 1)
    }
  }

  @Test func `fifty orders at once leave one package active`() async throws {
    try await withTelecom { telecom in
      let errors = await race(50) { _ in try await telecom.queue(1, order: telecom.world.ids.next())
      }.failed
      #expect(errors.isEmpty)
      let active = try await telecom.world.number(
        "SELECT count(*) FROM telecom.package_queue WHERE status = 'active'"
      )
      #expect(active == 1)
      #expect(
        try await telecom.world.number(
          "SELECT count(*) FROM telecom.package_queue WHERE status = 'in_queue'"
        ) == 49
      )
      #expect(try await telecom.world.published(OrderDelivered.self).count == 50)
    }
  }

  @Test func `orders of many accounts at once don't wait for each other for ever`() async throws {
    try await withTelecom { telecom in
      let accounts = (0..<10).map { _ in telecom.world.ids.next(Account.self) }
      let errors = await race(50) { index in
        try await telecom.queue(2, account: accounts[index % accounts.count])
        if index % 5 == 0 { _ = try await telecom.telecom.process(ExpireDuePackages()) }
      }.failed
      #expect(errors.isEmpty)
      let active = try await telecom.world.number(
        "SELECT count(*) FROM telecom.package_queue WHERE status = 'active'"
      )
      #expect(active == 10)
      #expect(try await telecom.doublyActive() == 0)
    }
  }

  @Test func `what is bought is the newest version of that moment, and stays`() async throws {
    try await withTelecom { telecom in
      try await telecom.queue()
      let spec = try Package.Spec.sample(group: telecom.group.id, quota: 5)
      let second = try await telecom.telecom.process(
        CreatePackageVersion(series: telecom.package.series, spec: spec),
        as: telecom.admin
      )
      #expect(second.version == 2)
      try await telecom.queue()
      let queue = try await telecom.telecom.process(
        ListQueue(
          subscription: telecom.subscription().id,
          withEnded: false,
          page: try PageRequest()
        )
      )
      #expect(queue.items.map(\.packageID) == [telecom.package.id, second.id])
      #expect(queue.items.map(\.quotaBytes) == [TelecomWorld.quota, 5])
    }
  }

  @Test func `another account's subscription can't be delivered to`() async throws {
    try await withTelecom { telecom in
      let other = try await telecom.queue(account: telecom.world.ids.next()).subscription
      await #expect(throws: NotFound("subscription")) {
        try await telecom.telecom.process(
          QueuePackages(
            account: telecom.account,
            subscription: other,
            packages: [PurchasedPackage(series: telecom.package.series, amount: 1)],
            order: nil
          )
        )
      }
    }
  }

  @Test(arguments: [0, -1, PurchasedPackage.maxCopies + 1])
  func `an amount that nobody can mean is refused`(amount: Int) async throws {
    try await withTelecom { telecom in
      await #expect(throws: InvalidInput.self) { try await telecom.queue(amount) }
    }
  }

  @Test func `the catalogue knows which series have something to deliver`() async throws {
    try await withTelecom { telecom in
      let unknown: PackageSeries.ID = telecom.world.ids.next()
      let known = try await telecom.telecom.deliverable(
        [telecom.package.series, unknown],
        in: telecom.telecom.database
      )
      #expect(known == [telecom.package.series])
    }
  }
}
