import Contracts
import FieldViolations
import Platform
import ShopProtos
import SwiftProtobuf
import Testing
import WorldKit

@testable import Shop

@Suite struct CreateOrderTests {
  @Test func `its price is the product's of that moment`() async throws {
    try await withShop { shop async throws in
      let product = try await shop.product(price: 10_00)
      let order = try await shop.order(product)
      try await shop.world.execute("UPDATE shop.products SET price = 99")
      #expect(
        try await shop.shop.process(FindOrderOfAccount(id: order.id, account: shop.account)).price
          .minorUnits == 10_00
      )
    }
  }

  @Test func `when fifty callers race for a stock of three, three win`() async throws {
    var settings = ShopSettings()
    settings.maxUnpaidOrders = 1_000
    try await withShop(settings: settings) { shop async throws in
      let product = try await shop.product(stock: 3)
      let results = await race(50) {
        try await shop.shop.process(
          CreateOrder(
            account: shop.world.ids.next(),
            product: product.id,
            subscription: nil
          )
        )
      }
      #expect(results.succeeded.count == 3)
      #expect(results.failed.allSatisfy { $0 as? OrderError == .soldOut })
    }
  }

  @Test func `an account's unpaid orders are limited, also when it calls in parallel`() async throws
  {
    try await withShop { shop async throws in
      let product = try await shop.product()
      let results = await race(20) { try await shop.order(product) }
      #expect(results.succeeded.count == 5)
      #expect(results.failed.allSatisfy { $0 as? OrderError == .tooManyUnpaid })
    }
  }

  @Test func `cancelling gives the stock back, once`() async throws {
    try await withShop { shop async throws in
      let product = try await shop.product(stock: 1)
      let order = try await shop.order(product)
      let results = await race(20) {
        try await shop.shop.process(CancelOwnOrder(id: order.id, account: shop.account))
      }
      #expect(results.succeeded.count == 1)
      #expect(try await shop.world.number("SELECT stock::bigint FROM shop.products") == 1)
    }
  }

  @Test func `the same key gives the same order, and refuses another request`() async throws {
    try await withShop { shop async throws in
      let product = try await shop.product()
      let other = try await shop.product()
      func order(_ product: Product) async throws -> Helium_Shop_V1_Order {
        try await shop.asCustomer(key: "k") {
          try await shop.answer(CreateOrder.self, .with { $0.productID = product.id.description })
        }.order
      }
      let first = try await order(product)
      #expect(try await order(product) == first)
      await #expect(throws: IdempotencyError.keyReused) { try await order(other) }
      #expect(try await shop.world.number("SELECT count(*) FROM shop.orders") == 1)
    }
  }

  @Test func `an order is made for a subscription of one's own alone`() async throws {
    try await withShop { shop async throws in
      let product = try await shop.product()
      func order(_ account: Account.ID, for subscription: Subscription.ID) async throws
        -> CustomerOrder
      {
        try await shop.shop.process(
          CreateOrder(account: account, product: product.id, subscription: subscription)
        )
      }
      #expect(
        try await order(shop.account, for: shop.subscription).subscription == shop.subscription
      )
      await #expect(throws: NotFound("subscription")) {
        try await order(shop.account, for: shop.world.ids.next())
      }
      await #expect(throws: NotFound("subscription")) {
        try await order(shop.world.ids.next(), for: shop.subscription)
      }
    }
  }

  @Test func `a product that is not on sale can't be ordered`() async throws {
    try await withShop { shop async throws in
      let product = try await shop.product(isOnSale: false)
      await #expect(throws: OrderError.notOnSale) { try await shop.order(product) }
    }
  }

  @Test func `a per-account limit counts orders that were not cancelled`() async throws {
    try await withShop { shop async throws in
      let product = try await shop.product(perAccountLimit: 1)
      let order = try await shop.order(product)
      await #expect(throws: OrderError.limitReached) { try await shop.order(product) }
      _ = try await shop.shop.process(CancelOwnOrder(id: order.id, account: shop.account))
      _ = try await shop.order(product)
    }
  }

  @Test func `overdue orders are cancelled by the clock, and only those`() async throws {
    try await withShop { shop async throws in
      let product = try await shop.product(stock: 2)
      let early = try await shop.order(product)
      shop.world.clock.advance(by: .seconds(29 * 60))
      let late = try await shop.order(product)
      shop.world.clock.advance(by: .seconds(60))
      try await CancelOverdueOrders().run(in: shop.shop)
      #expect(
        try await shop.shop.process(FindOrderOfAccount(id: early.id, account: shop.account))
          .cancelReason == .timeout
      )
      #expect(
        try await shop.shop.process(FindOrderOfAccount(id: late.id, account: shop.account)).status
          == .unpaid
      )
      #expect(try await shop.world.number("SELECT stock::bigint FROM shop.products") == 1)
    }
  }

  @Test
  func
    `five hundred overdue orders and one more are cancelled in one run, each giving its piece back`()
    async throws
  {
    try await withShop { shop async throws in
      let limited = try await shop.product(stock: 3)
      let unlimited = try await shop.product()
      _ = try await shop.order(limited)
      _ = try await shop.order(unlimited)
      try await shop.world.execute(
        """
        INSERT INTO shop.orders (id, account_id, product_id, title, price, currency, status, created_at, pay_until)
        SELECT gen_random_uuid(), gen_random_uuid(), '\(unlimited.id)', 't', 0, 'EUR', 'unpaid', created_at, pay_until
        FROM shop.orders, generate_series(1, 250)
        """
      )
      shop.world.clock.advance(by: .seconds(30 * 60))
      try await CancelOverdueOrders().run(in: shop.shop)
      #expect(
        try await shop.world.number(
          "SELECT count(*) FROM shop.orders WHERE cancel_reason = 'timeout'"
        ) == 502
      )
      #expect(
        try await shop.world.number(
          "SELECT stock::bigint FROM shop.products WHERE stock IS NOT NULL"
        ) == 3
      )
    }
  }

  @Test
  func
    `an order gives back only what it took: nothing, where the stock was unlimited when it was made`()
    async throws
  {
    try await withShop { shop async throws in
      let product = try await shop.product()
      let orders = [try await shop.order(product), try await shop.order(product)]
      let limit = try ChangeProductStock(id: product.id, change: .set(10))
      _ = try await shop.shop.process(limit, as: shop.world.admin())
      _ = try await shop.shop.process(CancelOwnOrder(id: orders[0].id, account: shop.account))
      shop.world.clock.advance(by: .seconds(30 * 60))
      try await CancelOverdueOrders().run(in: shop.shop)
      #expect(try await shop.world.number("SELECT stock::bigint FROM shop.products") == 10)
    }
  }

  @Test func `a product that names an unknown package is refused with its field`() async throws {
    try await withShop { shop async throws in
      let terms = Product.Terms(
        title: "",
        description: "",
        price: Money(minorUnits: -1, .eur),
        packages: [PurchasedPackage(series: shop.world.ids.next(), amount: 0)],
        stock: -1,
        perAccountLimit: 0,
        isOnSale: true,
        isPrivate: false,
        sortOrder: 0
      )
      let error = await #expect(throws: InvalidInput.self) {
        try await shop.shop.process(CreateProduct(terms: terms), as: shop.world.admin())
      }
      #expect(
        error?.violations.map(\.field) == [
          "terms.title", "terms.price.minor_units", "terms.packages[0].amount", "terms.stock",
          "terms.per_account_limit",
        ]
      )
      #expect(shop.audit.entries.map(\.outcome) == [.failed])
    }
  }
}
