import Contracts
import Platform

/// Ends the caller's package that is out of traffic until its next period, and starts the next one
/// at once.
///
/// The customer chooses this; the remaining periods are lost.
struct StartNextPackage: Operation {
  let subscription: Subscription.ID
  let account: Account.ID

  func perform(in telecom: Telecom) async throws -> SubscriptionSummary {
    try await telecom.transaction { telecom, transaction in
      guard let row = try await transaction.process(Subscription.Lock(id: subscription)),
        row.accountID == account
      else {
        throw NotFound("subscription")
      }
      let now = telecom.clock.now
      let held = HeldSubscription(row)
      var groups = try await transaction.process(
        AdvanceQueues(subscriptions: [held], now: now, timeZone: telecom.settings().timeZone)
      )
      var queue = PackageQueue(
        active: try await transaction.process(QueueItem.LockActive(subscriptionIDs: [held.id]))
          .first
          .map(QueueItem.init),
        next: try await transaction.process(QueueItem.LockNext(subscriptionIDs: [held.id])).first
          .map(
            QueueItem.init
          )
      )
      var changes = QueueChanges()
      changes.add(try queue.startNext(at: now), of: held)
      try await transaction.process(
        StoreQueueChanges(changes: changes, now: now, timeZone: telecom.settings().timeZone)
      )
      groups.formUnion(changes.groups)
      try await transaction.bump(groups)
      return try await telecom.process(GetSubscription(id: subscription, account: account))
    }
  }
}
