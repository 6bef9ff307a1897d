import Contracts
import FieldViolations
import Platform
import ShopProtos
import SwiftProtobuf
import Testing
import WorldKit

@testable import Shop

@Suite struct PayOrderTests {
  @Test func `paying takes the price from the wallet and publishes what is to be delivered`()
    async throws
  {
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
      let results = await race(50) {
        try await shop.asCustomer(key: "k") {
          try await shop.answer(PayOrder.self, .with { $0.id = order.id.description })
        }
      }
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
      #expect(
        try await shop.shop.process(FindOrderOfAccount(id: order.id, account: shop.account)).status
          == .unpaid
      )
      #expect(try await shop.available() == 9_99)
      #expect(try await shop.world.published(OrderPaid.self).isEmpty)
    }
  }

  @Test func `another account can't pay it, nor see it`() async throws {
    try await withShop { shop async throws in
      let order = try await shop.order(shop.product())
      let stranger: Account.ID = shop.world.ids.next()
      await #expect(throws: NotFound("order")) {
        try await shop.shop.process(PayOrder(id: order.id, account: stranger))
      }
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

  @Test func `a free order is paid without a wallet, and delivered like any other`() async throws {
    try await withShop { shop async throws in
      let order = try await shop.pay(shop.order(shop.product(price: 0)))
      #expect(order.status == .paid)
      #expect(try await shop.available() == nil)
      #expect(try await shop.world.published(OrderPaid.self).map(\.total) == [.zero(.eur)])
    }
  }

  @Test
  func `a product that became dearer, or left the shop, is paid and delivered as it was ordered`()
    async throws
  {
    try await withShop { shop async throws in
      try await shop.deposit(10_00)
      let product = try await shop.product(price: 10_00)
      let order = try await shop.order(product)
      let terms = Product.Terms(
        title: "Yearly",
        description: "",
        price: Money(minorUnits: 99_00, .eur),
        packages: [PurchasedPackage(series: shop.series, amount: 12)],
        stock: nil,
        perAccountLimit: nil,
        isOnSale: false,
        isPrivate: true,
        sortOrder: 0
      )
      _ = try await shop.shop.process(
        UpdateProduct(id: product.id, terms: terms),
        as: shop.world.admin()
      )
      let paid = try await shop.pay(order)
      #expect(paid.price.minorUnits == 10_00 && paid.title == "Monthly")
      #expect(try await shop.available() == 0)
      #expect(
        try await shop.world.published(OrderPaid.self).first?.packages == [
          PurchasedPackage(series: shop.series, amount: 2)
        ]
      )
    }
  }

  @Test
  func
    `an order in another currency than the wallets' is refused as that, and not for want of money`()
    async throws
  {
    try await withShop { shop async throws in
      let order = try await shop.order(shop.product(price: 10_00))
      try await shop.deposit(1_000_00, .usd)
      await #expect(throws: WalletError.walletCurrencyDiffers) { try await shop.pay(order) }
      let refused = await #expect(throws: InvalidInput.self) { try await shop.deposit(1, .eur) }
      #expect(refused?.violations.map(\.field) == ["amount.currency_code"])
    }
  }

  @Test func `when paying and cancelling race, one of them happens`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(100_00)
      let product = try await shop.product(price: 10_00, stock: 5)
      for _ in 0..<5 {
        let order = try await shop.order(product)
        async let paid = race(3) { try await shop.pay(order) }
        async let cancelled = race(3) {
          try await shop.shop.process(CancelOwnOrder(id: order.id, account: shop.account))
        }
        #expect(await paid.succeeded.count + cancelled.succeeded.count == 1)
      }
      let sold = try await shop.world.number(
        "SELECT count(*) FROM shop.orders WHERE status = 'paid'"
      )
      #expect(try await shop.available() == 100_00 - 10_00 * sold)
      #expect(try await shop.world.number("SELECT stock::bigint FROM shop.products") == 5 - sold)
    }
  }
}
