import Contracts
import Platform

/// What an operator sees of a subscription's queue.
struct ListSubscriptionQueue: AdminOperation {
  static let permission = Permission("telecom.subscription.inspect", .support)

  let subscription: Subscription.ID
  /// Also those that have ended.
  let withEnded: Bool
  let page: PageRequest

  var target: AuditTarget { AuditTarget("subscription", subscription.description) }

  func perform(
    in telecom: Telecom,
    as admin: Authorized<Self>
  ) async throws -> Page<QueueItem.List.Row> {
    guard try await telecom.process(Subscription.Find(id: subscription)) != nil else {
      throw NotFound("subscription")
    }
    return try await telecom.process(
      ListQueue(subscription: subscription, withEnded: withEnded, page: page)
    )
  }
}
