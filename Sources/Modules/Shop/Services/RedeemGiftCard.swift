import Contracts
import Platform

/// Redeems a gift card and returns the account's new wallet balance.
struct RedeemGiftCard: CustomerOperation {
  static let repeats = Repeats.firstAnswer

  let code: GiftCard.Code
  let account: Account.ID

  func perform(in shop: InTransaction<Shop>) async throws -> Money {
    guard let row = try await shop.process(GiftCard.Lock(codeHmac: code.hmac(shop.codeKey))) else {
      throw GiftCard.RedemptionError.unknownCode
    }
    var card = GiftCard(row)
    let redemption = try card.redeem(for: account, at: shop.clock.now)
    try await shop.process(
      GiftCard.MarkRedeemed(redeemedBy: account, redeemedAt: redemption.date, id: card.id)
    )
    try await shop.publish(GiftCardRedeemed(account: account, value: card.value))
    return try await shop.process(
      CreditWallet(
        account: account,
        amount: card.value,
        kind: .giftCard,
        reference: card.id.uuid,
        reason: "gift card"
      )
    )
  }
}
