import GRPCCore
import Platform
import ShopProtos
import SwiftProtobuf
import WireValues

/// Serves `helium.shop.v1.GiftCardService`.
struct GiftCardRPC: Helium_Shop_V1_GiftCardService.SimpleServiceProtocol {
  let shop: Shop

  func redeemGiftCard(
    request: Helium_Shop_V1_RedeemGiftCardRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_RedeemGiftCardResponse {
    let customer = try Caller.account()
    let redeem = try RedeemGiftCard(
      code: GiftCard.Code(request.code),
      account: customer.id,
      key: IdempotencyKey(caller: customer.id, method: "RedeemGiftCard")
    )
    let balance = try await shop.process(redeem)
    return .with { $0.balance = .init(balance) }
  }
}

/// Serves `helium.shop.v1.GiftCardAdminService`.
struct GiftCardAdminRPC: Helium_Shop_V1_GiftCardAdminService.SimpleServiceProtocol {
  let shop: Shop

  func createGiftCards(
    request: Helium_Shop_V1_CreateGiftCardsRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_CreateGiftCardsResponse {
    let create = try CreateGiftCards(
      count: Int(request.count),
      value: Money(request.value, field: "value"),
      expiresAt: request.hasExpireTime ? Instant(request.expireTime, field: "expire_time") : nil
    )
    let codes = try await shop.process(create, as: Caller.admin())
    return .with { $0.codes = codes }
  }

  func listGiftCards(
    request: Helium_Shop_V1_ListGiftCardsRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_ListGiftCardsResponse {
    let list = ListGiftCards(
      isRedeemed: request.hasRedeemed ? request.redeemed : nil,
      redeemedBy: request.redeemedByAccountID.isEmpty
        ? nil : try Account.ID(request.redeemedByAccountID, field: "redeemed_by_account_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let cards = try await shop.process(list, as: Caller.admin())
    return .with {
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
