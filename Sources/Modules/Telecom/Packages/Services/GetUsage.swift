import Contracts
import Platform

/// What the active package of one of the calling account's subscriptions has used, and how many
/// packages wait behind it.
struct GetUsage: CustomerOperation {
  let subscription: Subscription.ID
  let account: Account.ID

  func perform(in telecom: Telecom) async throws -> Usage {
    let active = try await telecom.process(GetSubscription(id: subscription, account: account))
      .active
    let waiting = try await telecom.process(QueueItem.CountWaiting(subscriptionID: subscription))
    return Usage(active: active, waiting: waiting)
  }

  struct Usage: Hashable, Sendable {
    let active: SubscriptionSummary.ActivePackage?
    let waiting: Int64
  }
}
