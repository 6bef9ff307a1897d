import Contracts
import Crypto
import FieldViolations
import FoundationEssentials
import Platform
import Testing
import WorldKit

@testable import Shop

@Suite struct RedeemGiftCardTests {
  private func card(in shop: ShopWorld, value: Int64 = 5_00, expiresAt: Instant? = nil) async throws
    -> GiftCard.Code
  {
    let codes = try await shop.shop.process(
      CreateGiftCards(count: 1, value: Money(minorUnits: value, .eur), expiresAt: expiresAt),
      as: shop.world.admin()
    )
    return try GiftCard.Code(codes[0])
  }

  @Test func `redeeming credits the wallet and publishes one event`() async throws {
    try await withShop { shop async throws in
      let code = try await card(in: shop)
      let balance = try await shop.shop.process(RedeemGiftCard(code: code, account: shop.account))
      #expect(balance == Money(minorUnits: 5_00, .eur))
      let events = try await shop.world.published(GiftCardRedeemed.self)
      #expect(events.map(\.account) == [shop.account])
      #expect(events.map(\.value) == [balance])
    }
  }

  @Test func `when fifty callers race for a card, one wins`() async throws {
    try await withShop { shop async throws in
      let code = try await card(in: shop)
      let results = await race(50) {
        try await shop.shop.process(RedeemGiftCard(code: code, account: shop.account))
      }
      #expect(results.succeeded.count == 1)
      #expect(results.failed.allSatisfy { $0 as? GiftCard.RedemptionError == .alreadyRedeemed })
      #expect(try await shop.available() == 5_00)
      #expect(try await shop.world.published(GiftCardRedeemed.self).count == 1)
    }
  }

  @Test func `an unknown code changes nothing`() async throws {
    try await withShop { shop async throws in
      await #expect(throws: GiftCard.RedemptionError.unknownCode) {
        try await shop.shop.process(
          RedeemGiftCard(code: GiftCard.Code("ABCD-EFGH-2345-6789"), account: shop.account)
        )
      }
      #expect(try await shop.available() == nil)
    }
  }

  @Test func `cards are made in the wallets' currency alone`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(1, .usd)
      let error = await #expect(throws: InvalidInput.self) { try await card(in: shop) }
      #expect(error?.violations.map(\.field) == ["value.currency_code"])
      #expect(try await shop.world.number("SELECT count(*) FROM shop.gift_cards") == 0)
    }
  }

  @Test func `the database holds no codes`() async throws {
    try await withShop { shop async throws in
      let code = try await card(in: shop)
      let plain = code.text.utf8.map { String($0, radix: 16) }.joined()
      #expect(
        try await shop.world.number(
          "SELECT count(*) FROM shop.gift_cards WHERE encode(code_hmac, 'hex') LIKE '%\(plain)%'"
        ) == 0
      )
    }
  }
}
