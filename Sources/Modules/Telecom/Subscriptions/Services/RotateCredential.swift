import Contracts
import Platform

/// Gives a subscription a new credential: nodes refuse the old one from their next poll.
struct RotateCredential: CustomerOperation {
  let subscription: Subscription.ID
  let account: Account.ID

  func perform(in telecom: InTransaction<Telecom>) async throws -> SubscriptionSummary {
    _ = try await telecom.hold(subscription, of: account)
    _ = try await telecom.process(
      Subscription.ReplaceCredential(credential: telecom.ids.randomUUID(), id: subscription)
    )
    let summary = try await telecom.process(GetSubscription(id: subscription, account: account))
    let groups = try await telecom.process(
      QueueItem.ListGroupsInUse(subscriptionIDs: [subscription])
    )
    try await telecom.bump(Set(groups))
    return summary
  }
}
