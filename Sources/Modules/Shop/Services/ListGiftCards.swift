import Platform

/// The gift cards, the newest first and never their codes; a filter that is nil lets every card
/// through.
struct ListGiftCards: AdminOperation {
  static let permission = Permission("shop.gift_card.list", .moderators)

  var isRedeemed: Bool?
  var redeemedBy: Account.ID?
  let page: PageRequest

  var target: AuditTarget { AuditTarget("gift_card", "") }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Page<GiftCard> {
    let rows = try await shop.process(
      GiftCard.Search(
        before: try page.cursor(),
        byAccount: redeemedBy,
        isRedeemed: isRedeemed,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map { GiftCard($0) }, page) { $0.id }
  }
}
