package import Platform

/// An order in the shop. Its record belongs to Shop.
package enum Order {
  package typealias ID = Identifier<Order>
}

/// An order was paid in full; what it bought is to be delivered.
package struct OrderPaid: Event {
  package static let name = "shop.order.paid.v1"

  package let order: Order.ID
  package let account: Account.ID
  /// The subscription it was bought for; nil: the account's first.
  package let subscription: Subscription.ID?
  package let packages: [PurchasedPackage]
  package let total: Money
  package let paidAt: Instant

  package init(
    order: Order.ID,
    account: Account.ID,
    subscription: Subscription.ID?,
    packages: [PurchasedPackage],
    total: Money,
    paidAt: Instant
  ) {
    self.order = order
    self.account = account
    self.subscription = subscription
    self.packages = packages
    self.total = total
    self.paidAt = paidAt
  }
}

/// Some copies of the newest package of a series.
package struct PurchasedPackage: Codable, Hashable, Sendable {
  package let series: PackageSeries.ID
  package let amount: Int

  /// The max number of copies, over all series, in one order or grant. More are a mistake, and too
  /// many for one transaction.
  package static let maxCopies = 1_000

  package init(series: PackageSeries.ID, amount: Int) {
    self.series = series
    self.amount = amount
  }
}
