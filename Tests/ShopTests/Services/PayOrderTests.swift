import Contracts
import Platform
import Testing
import WorldKit

@testable import Shop

@Suite struct PayOrderTests {
  @Test func `paying takes the price from the wallet and publishes what is to be delivered`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(25_00)
      let order = try await shop.pay(shop.order(shop.product(price: 10_00)))
      #expect(order.status == .paid)
      #expect(try await shop.available() == 15_00)
      let events = try await shop.world.published(OrderPaid.self)
      #expect(events.map(\.order) == [order.id])
      #expect(events.first?.packages == [PurchasedPackage(series: shop.series, amount: 2)])
    }
  }

  @Test func `when fifty callers pay one order, it is paid once`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(1_000_00)
      let order = try await shop.order(shop.product(price: 10_00))
      let results = await race(50) { try await shop.pay(order) }
      #expect(results.succeeded.count == 1)
      #expect(results.failed.allSatisfy { $0 as? OrderError == .alreadyPaid })
      #expect(try await shop.available() == 990_00)
      #expect(try await shop.world.published(OrderPaid.self).count == 1)
    }
  }

  @Test func `fifty calls with one idempotency key get one answer`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(1_000_00)
      let order = try await shop.order(shop.product(price: 10_00))
      let key = IdempotencyKey(caller: shop.account, method: "PayOrder", key: "k")
      let results = await race(50) { try await shop.pay(order, key: key) }
      #expect(results.failed.isEmpty)
      #expect(Set(results.succeeded).count == 1)
      #expect(try await shop.available() == 990_00)
    }
  }

  @Test func `an order that is too dear leaves everything as it was`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(9_99)
      let order = try await shop.order(shop.product(price: 10_00))
      await #expect(throws: WalletError.insufficientFunds) { try await shop.pay(order) }
      #expect(try await shop.shop.process(FindOrderOfAccount(id: order.id, account: shop.account)).status == .unpaid)
      #expect(try await shop.available() == 9_99)
      #expect(try await shop.world.published(OrderPaid.self).isEmpty)
    }
  }

  @Test func `another account can't pay it, nor see it`() async throws {
    try await withShop { shop async throws in
      let order = try await shop.order(shop.product())
      let stranger: Account.ID = shop.world.ids.next()
      await #expect(throws: NotFound("order")) { try await shop.shop.process(PayOrder(id: order.id, account: stranger, key: nil)) }
    }
  }

  @Test func `it can't be paid when its time is over`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(10_00)
      let order = try await shop.order(shop.product(price: 10_00))
      shop.world.clock.advance(by: .seconds(30 * 60))
      await #expect(throws: OrderError.overdue) { try await shop.pay(order) }
    }
  }

  @Test func `a free order is paid without a wallet`() async throws {
    try await withShop { shop async throws in
      let order = try await shop.pay(shop.order(shop.product(price: 0)))
      #expect(order.status == .paid)
    }
  }
}
