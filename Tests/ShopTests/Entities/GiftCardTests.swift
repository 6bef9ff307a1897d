import FieldViolations
import Platform
import Testing
import WorldKit

@testable import Shop

@Suite struct GiftCardTests {
  private let account = Account.ID.first

  private func card(expiresAt: Instant? = nil) -> GiftCard {
    GiftCard(id: .first, value: Money(minorUnits: 5_00, .eur), expiresAt: expiresAt)
  }

  @Test func `a card can't be redeemed from the moment it expires`() {
    var card = card(expiresAt: World.noon)
    #expect(throws: GiftCard.RedemptionError.expired) {
      try card.redeem(for: account, at: World.noon)
    }
  }

  @Test func `a card can be redeemed until the moment it expires`() throws {
    var card = card(expiresAt: World.noon)
    let redemption = try card.redeem(for: account, at: World.noon - .microseconds(1))
    #expect(card.redemption == redemption)
  }

  @Test func `a card is redeemed once`() throws {
    var card = card()
    _ = try card.redeem(for: account, at: World.noon)
    #expect(throws: GiftCard.RedemptionError.alreadyRedeemed) {
      try card.redeem(for: account, at: World.noon)
    }
  }

  @Test func `case, dashes and spaces of a code don't matter`() throws {
    #expect(try GiftCard.Code("abcd-efgh 2345-6789") == GiftCard.Code("ABCDEFGH23456789"))
  }

  @Test(arguments: [
    "", "ABCD", "ABCD-EFGH-2345-678", "ABCD-EFGH-2345-67890", "ABCD-EFGH-2345-678!",
    "ÄBCD-EFGH-2345-678",
  ])
  func `a malformed code names its field`(text: String) {
    let error = #expect(throws: GiftCard.RedemptionError.malformedCode) { try GiftCard.Code(text) }
    #expect(error?.violations.map(\.field) == ["code"])
  }

  @Test func `a new code is a code`() throws {
    let code = GiftCard.Code(secretBytes: (0..<16).map { UInt8($0 * 17) })
    #expect(try GiftCard.Code(code.display) == code)
  }
}
