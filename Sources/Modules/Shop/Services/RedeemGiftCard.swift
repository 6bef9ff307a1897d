import Contracts
import Platform

/// Redeems a gift card and returns the account's new wallet balance.
struct RedeemGiftCard: Operation {
  let code: GiftCard.Code
  let account: Account.ID
  var key: IdempotencyKey?

  func perform(in shop: Shop) async throws -> Money {
    try await shop.transaction { shop, transaction in
      try await transaction.idempotently(key, request: code.hmac(shop.codeKey), at: shop.clock.now)
      {
        try await redeem(in: shop, transaction)
      }
    }
  }

  private func redeem(in shop: Shop, _ transaction: Transaction) async throws -> Money {
    guard let row = try await transaction.process(GiftCard.Lock(codeHmac: code.hmac(shop.codeKey)))
    else {
      throw GiftCard.RedemptionError.unknownCode
    }
    var card = GiftCard(row)
    let redemption = try card.redeem(for: account, at: shop.clock.now)
    try await transaction.process(
      GiftCard.MarkRedeemed(redeemedBy: account, redeemedAt: redemption.date, id: card.id)
    )
    try await transaction.publish(GiftCardRedeemed(account: account, value: card.value))
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
