import CommonProtos
import Platform
import ShopProtos
import SwiftProtobuf
import Testing
import WorldKit

@testable import Shop

@Suite struct IdempotencyTests {
  private func cards(_ count: Int32, expiresAt: Instant? = nil)
    -> Helium_Shop_V1_CreateGiftCardsRequest
  {
    .with {
      $0.count = count
      $0.value.currencyCode = "EUR"
      $0.value.minorUnits = 5_00
      if let expiresAt { $0.expireTime.seconds = expiresAt.seconds }
    }
  }

  @Test func `gift cards are made once per key, and every caller gets their codes`() async throws {
    try await withShop { shop async throws in
      let admin = try await shop.world.admin()
      let results = await race(20) {
        try await shop.asOperator(admin, key: "cards") {
          try await shop.answer(CreateGiftCards.self, self.cards(3)).codes
        }
      }
      #expect(results.failed.isEmpty)
      #expect(results.succeeded.count == 20)
      let codes = try #require(Set(results.succeeded).first)
      #expect(Set(results.succeeded).count == 1 && Set(codes).count == 3)
      #expect(try await shop.world.number("SELECT count(*) FROM shop.gift_cards") == 3)
      for code in codes {
        _ = try await shop.shop.process(
          RedeemGiftCard(code: GiftCard.Code(code), account: shop.account)
        )
      }
      #expect(try await shop.available() == 15_00)
    }
  }

  @Test
  func `codes can be asked for again after they have expired, and the stored answer holds none`()
    async throws
  {
    try await withShop { shop async throws in
      let admin = try await shop.world.admin()
      func create() async throws -> [String] {
        try await shop.asOperator(admin, key: "cards") {
          try await shop.answer(
            CreateGiftCards.self,
            self.cards(2, expiresAt: World.noon + .seconds(60))
          ).codes
        }
      }
      let codes = try await create()
      shop.world.clock.advance(by: .seconds(61))
      #expect(try await create() == codes)
      for code in codes.flatMap({ [$0, $0.filter { $0 != "-" }] }) {
        let holding =
          "SELECT count(*) FROM platform.idempotency_keys WHERE position('\(code)'::bytea IN response) > 0"
        #expect(try await shop.world.number(holding) == 0)
      }
    }
  }

  @Test func `a key that comes again with another request is refused`() async throws {
    try await withShop { shop async throws in
      let admin = try await shop.world.admin()
      try await shop.asOperator(admin, key: "cards") {
        _ = try await shop.answer(CreateGiftCards.self, self.cards(1))
        await #expect(throws: IdempotencyError.keyReused) {
          try await shop.answer(CreateGiftCards.self, self.cards(2))
        }
      }
    }
  }

  @Test func `operators' keys are their own`() async throws {
    try await withShop { shop async throws in
      var codes: Set<[String]> = []
      for _ in 0..<2 {
        codes.insert(
          try await shop.asOperator(key: "cards") {
            try await shop.answer(CreateGiftCards.self, self.cards(1)).codes
          }
        )
      }
      #expect(codes.count == 2)
    }
  }

  @Test func `a product is made once per key, with the answer of that time`() async throws {
    try await withShop { shop async throws in
      let admin = try await shop.world.admin()
      let request = Helium_Shop_V1_CreateProductRequest.with { request in
        request.terms.title = "Monthly"
        request.terms.price.currencyCode = "EUR"
        request.terms.stock = 1
        request.terms.packages = [
          .with {
            $0.seriesID = shop.series.description
            $0.amount = 1
          }
        ]
      }
      let first = try await shop.asOperator(admin, key: "p") {
        try await shop.answer(CreateProduct.self, request).product
      }
      try await shop.world.execute("UPDATE shop.products SET title = 'Other'")
      let again = try await shop.asOperator(admin, key: "p") {
        try await shop.answer(CreateProduct.self, request).product
      }
      #expect(first == again)
      #expect(try await shop.world.number("SELECT count(*) FROM shop.products") == 1)
    }
  }

  @Test func `a stock is changed once per key`() async throws {
    try await withShop { shop async throws in
      let admin = try await shop.world.admin()
      let product = try await shop.product(stock: 1)
      let request = Helium_Shop_V1_ChangeProductStockRequest.with {
        $0.id = product.id.description
        $0.add = 5
      }
      for _ in 0..<2 {
        let changed = try await shop.asOperator(admin, key: "s") {
          try await shop.answer(ChangeProductStock.self, request)
        }
        #expect(changed.product.terms.stock == 6)
      }
      #expect(try await shop.world.number("SELECT stock::bigint FROM shop.products") == 6)
    }
  }

  @Test
  func
    `a card that is redeemed again with its key gives the same balance, and without one is refused`()
    async throws
  {
    try await withShop { shop async throws in
      let codes = try await shop.shop.process(
        CreateGiftCards(count: 1, value: Money(minorUnits: 5_00, .eur), expiresAt: nil),
        as: shop.world.admin()
      )
      for _ in 0..<2 {
        let answer = try await shop.asCustomer(key: "r") {
          try await shop.answer(RedeemGiftCard.self, .with { $0.code = codes[0] })
        }
        #expect(answer.balance.minorUnits == 5_00)
      }
      await #expect(throws: GiftCard.RedemptionError.alreadyRedeemed) {
        try await shop.asCustomer {
          try await shop.answer(RedeemGiftCard.self, .with { $0.code = codes[0] })
        }
      }
      #expect(try await shop.available() == 5_00)
    }
  }
}
