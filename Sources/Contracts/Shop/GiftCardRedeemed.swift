package import Platform

/// An account redeemed a gift card and its wallet was credited.
package struct GiftCardRedeemed: Event {
  package static let name = "shop.gift_card.redeemed.v1"

  package let account: Account.ID
  package let value: Money

  package init(account: Account.ID, value: Money) {
    self.account = account
    self.value = value
  }
}
