package import Platform

/// A package of a subscription's queue was activated.
package struct PackageActivated: Event {
  package static let name = "telecom.package.activated.v1"

  package let account: Account.ID
  package let subscription: Subscription.ID
  package let item: PackageQueueItem.ID

  package init(account: Account.ID, subscription: Subscription.ID, item: PackageQueueItem.ID) {
    self.account = account
    self.subscription = subscription
    self.item = item
  }
}

/// A package ended, by its time or its traffic.
package struct PackageConsumed: Event {
  package static let name = "telecom.package.consumed.v1"

  package let account: Account.ID
  package let subscription: Subscription.ID
  package let item: PackageQueueItem.ID
  package let reason: Reason

  package init(
    account: Account.ID,
    subscription: Subscription.ID,
    item: PackageQueueItem.ID,
    reason: Reason
  ) {
    self.account = account
    self.subscription = subscription
    self.item = item
    self.reason = reason
  }

  package enum Reason: String, Codable, Sendable {
    case expired, exhausted
  }
}
