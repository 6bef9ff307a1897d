package import Platform

/// The traffic of an active package is used up. No node serves it until the next reset.
package struct PackageTrafficExhausted: Event {
  package static let name = "telecom.package_traffic.exhausted.v1"

  package let account: Account.ID
  package let subscription: Subscription.ID
  package let item: PackageQueueItem.ID

  package init(account: Account.ID, subscription: Subscription.ID, item: PackageQueueItem.ID) {
    self.account = account
    self.subscription = subscription
    self.item = item
  }
}

/// The traffic of an active package was reset.
package struct PackageTrafficReset: Event {
  package static let name = "telecom.package_traffic.reset.v1"

  package let account: Account.ID
  package let subscription: Subscription.ID
  package let item: PackageQueueItem.ID

  package init(account: Account.ID, subscription: Subscription.ID, item: PackageQueueItem.ID) {
    self.account = account
    self.subscription = subscription
    self.item = item
  }
}
