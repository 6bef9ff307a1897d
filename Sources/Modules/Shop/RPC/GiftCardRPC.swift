import GRPCCore
import Platform
import RPCEdge
import ShopProtos
import SwiftProtobuf
import WireValues

extension RedeemGiftCard: RPC {
  static let method = Helium_Shop_V1_GiftCardService.Method.RedeemGiftCard.descriptor

  init(_ request: Helium_Shop_V1_RedeemGiftCardRequest, by customer: Customer) throws {
    self.init(code: try GiftCard.Code(request.code), account: customer.id)
  }

  static func response(_ balance: Money) -> Helium_Shop_V1_RedeemGiftCardResponse {
    .with { $0.balance = .init(balance) }
  }
}

extension CreateGiftCards: RPC {
  static let method = Helium_Shop_V1_GiftCardAdminService.Method.CreateGiftCards.descriptor

  init(_ request: Helium_Shop_V1_CreateGiftCardsRequest, by _: Admin) throws {
    try self.init(
      count: Int(request.count),
      value: Money(request.value, field: "value"),
      expiresAt: request.hasExpireTime ? Instant(request.expireTime, field: "expire_time") : nil
    )
  }

  static func response(_ codes: [String]) -> Helium_Shop_V1_CreateGiftCardsResponse {
    .with { $0.codes = codes }
  }
}

extension ListGiftCards: RPC {
  static let method = Helium_Shop_V1_GiftCardAdminService.Method.ListGiftCards.descriptor

  init(_ request: Helium_Shop_V1_ListGiftCardsRequest, by _: Admin) throws {
    self.init(
      isRedeemed: request.hasRedeemed ? request.redeemed : nil,
      redeemedBy: request.redeemedByAccountID.isEmpty
        ? nil : try Account.ID(request.redeemedByAccountID, field: "redeemed_by_account_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ cards: Page<GiftCard>) -> Helium_Shop_V1_ListGiftCardsResponse {
    .with {
      $0.giftCards = cards.items.map(Helium_Shop_V1_GiftCard.init)
      $0.nextPageToken = cards.nextToken
    }
  }
}

extension Helium_Shop_V1_GiftCard {
  init(_ card: GiftCard) {
    self.init()
    id = card.id.description
    value = .init(card.value)
    if let at = card.expiresAt { expireTime = .init(at) }
    if let redemption = card.redemption {
      redeemedByAccountID = redemption.account.description
      redeemTime = .init(redemption.date)
    }
  }
}
