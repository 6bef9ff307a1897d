import Contracts
import Platform

/// Suspends an account's subscriptions or lets them run, as the account stands now.
///
/// Messages come in any order, so what counts is the standing that is read after the rows are
/// locked, not the event that led here. The first subscription is made beforehand if need be:
/// whoever makes it at the same time is waited for, so that none is missed.
struct ApplyStanding: Operation {
  let account: Account.ID

  func perform(in telecom: InTransaction<Telecom>) async throws {
    _ = try await telecom.process(Subscription.InsertFirst(of: account, in: telecom.module))
    let subscriptions = try await telecom.process(Subscription.LockOfAccount(accountID: account))
      .map(\.id)
    // Subscriptions of accounts that no longer exist aren't served.
    let suspended =
      try await telecom.accounts.standing(of: account, in: telecom.database)?.isBanned ?? true
    let changed = try await telecom.process(
      Subscription.SetSuspended(suspended: suspended, subscriptionIDs: subscriptions)
    )
    guard changed > 0 else { return }
    let groups = try await telecom.process(
      QueueItem.ListGroupsInUse(subscriptionIDs: subscriptions)
    )
    try await telecom.bump(Set(groups))
  }
}
