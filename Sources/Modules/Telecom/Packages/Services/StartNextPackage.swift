import Contracts
import Platform

/// Ends the caller's package that is out of traffic until its next period, and starts the next one
/// at once.
///
/// The customer chooses this; the remaining periods are lost.
struct StartNextPackage: CustomerOperation {
  let subscription: Subscription.ID
  let account: Account.ID

  func perform(in telecom: InTransaction<Telecom>) async throws -> SubscriptionSummary {
    let held = try await telecom.hold(subscription, of: account)
    let now = telecom.clock.now
    var groups = try await telecom.process(AdvanceQueues(subscriptions: [held], now: now))
    let active = try await telecom.process(QueueItem.LockActive(subscriptionIDs: [held.id])).first
    let next = try await telecom.process(QueueItem.LockNext(subscriptionIDs: [held.id])).first
    var queue = PackageQueue(active: active.map(QueueItem.init), next: next.map(QueueItem.init))
    var changes = QueueChanges()
    changes.add(try queue.startNext(at: now), of: held)
    try await telecom.process(StoreQueueChanges(changes: changes, now: now))
    groups.formUnion(changes.groups)
    try await telecom.bump(groups)
    return try await telecom.process(GetSubscription(id: subscription, account: account))
  }
}

extension InTransaction<Telecom> {
  /// Locks a subscription of `account`. Throws `NotFound` where it isn't one.
  func hold(
    _ subscription: Subscription.ID,
    of account: Account.ID
  ) async throws -> HeldSubscription {
    guard let row = try await process(Subscription.Lock(id: subscription)),
      row.accountID == account
    else {
      throw NotFound("subscription")
    }
    return HeldSubscription(row)
  }
}
