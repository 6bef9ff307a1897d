import Contracts
import Platform
import Testing
import WorldKit

@testable import Shop

@Suite struct ListTests {
  @Test func `operators find orders by account, product, state and time, page by page`()
    async throws
  {
    try await withShop { shop async throws in
      let (product, other) = (try await shop.product(price: 0), try await shop.product(price: 0))
      let admin = try await shop.world.admin()
      var orders: [CustomerOrder] = []
      for index in 0..<4 {
        orders.append(try await shop.order(index == 3 ? other : product))
        shop.world.clock.advance(by: .seconds(1))
      }
      let paid = try await shop.pay(orders[1])
      let stranger = try await shop.shop.process(
        CreateOrder(
          account: shop.world.ids.next(),
          product: product.id,
          subscription: nil
        )
      )
      func found(_ list: ListAllOrders) async throws -> [Order.ID] {
        try await shop.shop.process(list, as: admin).items.map(\.id)
      }
      let page = try PageRequest()
      #expect(
        try await found(ListAllOrders(account: shop.account, page: page))
          == orders.reversed().map(\.id)
      )
      #expect(try await found(ListAllOrders(product: other.id, page: page)) == [orders[3].id])
      #expect(try await found(ListAllOrders(status: .paid, page: page)) == [paid.id])
      let from = World.noon + .seconds(1)
      #expect(
        try await found(ListAllOrders(from: from, until: from + .seconds(2), page: page)) == [
          orders[2].id, orders[1].id,
        ]
      )
      #expect(try await found(ListAllOrders(status: .cancelled, page: page)) == [])

      var walked: [Order.ID] = []
      var token = ""
      repeat {
        let next = try await shop.shop.process(
          ListAllOrders(page: PageRequest(size: 2, token: token)),
          as: admin
        )
        walked += next.items.map(\.id)
        token = next.nextToken
      } while !token.isEmpty
      #expect(walked == [stranger.id] + orders.reversed().map(\.id))
    }
  }

  @Test func `operators find gift cards by who redeemed them`() async throws {
    try await withShop { shop async throws in
      let admin = try await shop.world.admin()
      let codes = try await shop.shop.process(
        CreateGiftCards(count: 3, value: Money(minorUnits: 1, .eur), expiresAt: nil),
        as: admin
      )
      _ = try await shop.shop.process(
        RedeemGiftCard(code: GiftCard.Code(codes[0]), account: shop.account)
      )
      func count(_ isRedeemed: Bool?, _ account: Account.ID? = nil) async throws -> Int {
        try await shop.shop.process(
          ListGiftCards(isRedeemed: isRedeemed, redeemedBy: account, page: PageRequest()),
          as: admin
        ).items.count
      }
      #expect(try await count(nil) == 3)
      #expect(try await count(true) == 1)
      #expect(try await count(false) == 2)
      #expect(try await count(nil, shop.account) == 1)
      #expect(try await count(nil, shop.world.ids.next()) == 0)
    }
  }

  @Test func `operators see the entries that customers see`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(5_00)
      let page = try PageRequest()
      let seen = try await shop.shop.process(
        ListAccountWalletEntries(account: shop.account, page: page),
        as: shop.world.admin()
      )
      #expect(
        seen.items
          == (try await shop.shop.process(ListWalletEntries(account: shop.account, page: page))
            .items)
      )
      #expect(seen.items.map(\.amount.minorUnits) == [5_00])
    }
  }

  @Test
  func `a private product is found by who knows its id, and one that isn't on sale by nobody`()
    async throws
  {
    try await withShop { shop async throws in
      let product = try await shop.product()
      try await shop.world.execute("UPDATE shop.products SET private = true")
      #expect(try await shop.shop.process(ListProducts(page: PageRequest())).items.isEmpty)
      #expect(try await shop.shop.process(FindProductOnSale(id: product.id)).id == product.id)
      try await shop.world.execute("UPDATE shop.products SET on_sale = false")
      await #expect(throws: NotFound("product")) {
        try await shop.shop.process(FindProductOnSale(id: product.id))
      }
    }
  }

  @Test func `an update leaves the stock that orders have changed meanwhile`() async throws {
    try await withShop { shop async throws in
      let product = try await shop.product(stock: 3)
      _ = try await shop.order(product)
      let updated = try await shop.shop.process(
        UpdateProduct(id: product.id, terms: product.terms),
        as: shop.world.admin()
      )
      #expect(updated.terms.stock == 2)
    }
  }

  @Test func `pieces are added to and taken from what is left, and never below nothing`()
    async throws
  {
    try await withShop { shop async throws in
      let product = try await shop.product(stock: 3)
      let admin = try await shop.world.admin()
      func change(_ change: ChangeProductStock.Change) async throws -> Int? {
        try await shop.shop.process(ChangeProductStock(id: product.id, change: change), as: admin)
          .terms.stock
      }
      #expect(try await change(.add(-3)) == 0)
      await #expect(throws: ChangeProductStock.StockError.outOfRange) { try await change(.add(-1)) }
      #expect(try await change(.set(.max)) == Int(Int32.max))
      await #expect(throws: ChangeProductStock.StockError.outOfRange) { try await change(.add(1)) }
      #expect(try await change(.unlimited) == nil)
      await #expect(throws: ChangeProductStock.StockError.unlimited) { try await change(.add(1)) }
      let nothing = try ChangeProductStock(id: shop.world.ids.next(), change: .set(1))
      await #expect(throws: NotFound("product")) { try await shop.shop.process(nothing, as: admin) }
    }
  }
}
