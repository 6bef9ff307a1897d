import Contracts
import Platform

/// The packages of one of the calling account's subscriptions, in the order of its queue.
struct ListOwnQueue: CustomerOperation {
  let subscription: Subscription.ID
  let account: Account.ID
  /// Also those that have ended.
  let withEnded: Bool
  let page: PageRequest

  func perform(in telecom: Telecom) async throws -> Page<QueueItem.List.Row> {
    _ = try await telecom.process(GetSubscription(id: subscription, account: account))
    return try await telecom.process(
      ListQueue(subscription: subscription, withEnded: withEnded, page: page)
    )
  }
}
