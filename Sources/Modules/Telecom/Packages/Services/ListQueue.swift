import Contracts
import Platform

/// A subscription's packages in the order of its queue.
struct ListQueue: Operation {
  let subscription: Subscription.ID
  /// Also those that have ended.
  let withEnded: Bool
  let page: PageRequest

  func perform(in telecom: Telecom) async throws -> Page<QueueItem.List.Row> {
    let rows = try await telecom.database.process(
      QueueItem.List(
        subscriptionID: subscription,
        afterPosition: try page.cursor() ?? 0,
        withEnded: withEnded,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows, page) { $0.position }
  }
}

/// The same for the subscription's owner.
struct ListOwnQueue: Operation {
  let subscription: Subscription.ID
  let account: Account.ID
  let withEnded: Bool
  let page: PageRequest

  func perform(in telecom: Telecom) async throws -> Page<QueueItem.List.Row> {
    _ = try await telecom.process(GetSubscription(id: subscription, account: account))
    return try await telecom.process(
      ListQueue(subscription: subscription, withEnded: withEnded, page: page)
    )
  }
}

/// What an operator sees of a subscription's queue.
struct ListSubscriptionQueue: AdminOperation {
  static let permission = Permission("telecom.subscription.inspect")

  let subscription: Subscription.ID
  let withEnded: Bool
  let page: PageRequest

  var target: AuditTarget { AuditTarget("subscription", subscription.description) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<
    QueueItem.List.Row
  > {
    guard try await telecom.database.process(Subscription.Find(id: subscription)) != nil else {
      throw NotFound("subscription")
    }
    return try await telecom.process(
      ListQueue(subscription: subscription, withEnded: withEnded, page: page)
    )
  }
}

/// What a subscription's active package has used, and how many packages wait behind it.
struct GetUsage: Operation {
  let subscription: Subscription.ID
  let account: Account.ID

  func perform(in telecom: Telecom) async throws -> Usage {
    let active = try await telecom.process(GetSubscription(id: subscription, account: account))
      .active
    let waiting = try await telecom.database.process(
      QueueItem.CountWaiting(subscriptionID: subscription)
    )
    return Usage(active: active, waiting: waiting)
  }

  struct Usage: Hashable, Sendable {
    let active: SubscriptionSummary.ActivePackage?
    let waiting: Int64
  }
}
