package import Platform

/// A package was taken out of a subscription's queue before its end.
package struct PackageCancelled: Event {
  package static let name = "telecom.package.cancelled.v1"

  package let account: Account.ID
  package let subscription: Subscription.ID
  package let item: PackageQueueItem.ID

  package init(account: Account.ID, subscription: Subscription.ID, item: PackageQueueItem.ID) {
    self.account = account
    self.subscription = subscription
    self.item = item
  }
}
