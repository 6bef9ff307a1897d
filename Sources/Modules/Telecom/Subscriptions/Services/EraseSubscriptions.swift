import AgentProtocols
import Contracts
import Platform

/// Forgets who uses an account's subscriptions: deletes their devices, the log of fetches with its
/// addresses, and the hits of nodes' rules, and gives each a new link and a new credential.
/// Packages and usage stay; they name nobody.
///
/// A fetch of the last seconds may still be noted afterwards. The log forgets it in time.
struct EraseSubscriptions: Operation {
  let account: Account.ID

  func perform(in telecom: InTransaction<Telecom>) async throws {
    // Twice: a SELECT that waited for a lock doesn't see the rows that were inserted meanwhile.
    // Once the locks are held, `CreateSubscription` waits.
    _ = try await telecom.process(Subscription.LockOfAccount(accountID: account))
    let subscriptions = try await telecom.process(Subscription.LockOfAccount(accountID: account))
      .map(\.id)
    guard !subscriptions.isEmpty else { return }
    try await telecom.process(SubscriptionDevice.DeleteAll(subscriptionIDs: subscriptions))
    try await telecom.process(SubscriptionFetch.DeleteAll(subscriptionIDs: subscriptions))
    try await telecom.process(SubscriptionFetch.DeleteDays(subscriptionIDs: subscriptions))
    try await telecom.process(RuleHits.DeleteAll(subscriptionIDs: subscriptions))
    for id in subscriptions {
      let token = LinkToken(using: telecom.ids)
      _ = try await telecom.process(
        Subscription.ReplaceLinkToken(linkToken: token.bytes, id: id, accountID: account)
      )
      _ = try await telecom.process(
        Subscription.ReplaceCredential(credential: telecom.ids.randomUUID(), id: id)
      )
    }
    let groups = try await telecom.process(
      QueueItem.ListGroupsInUse(subscriptionIDs: subscriptions)
    )
    try await telecom.bump(Set(groups))
  }
}
