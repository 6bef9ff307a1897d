import Contracts
import Platform

/// Makes the subscription that every account has, unless it is there.
struct EnsureSubscription: Operation {
  let account: Account.ID

  func perform(in telecom: Telecom) async throws {
    try await telecom.transaction { telecom, transaction in
      guard try await transaction.process(Subscription.InsertFirst(of: account, in: telecom)) == 1
      else { return }
      try await telecom.process(ApplyStanding(account: account))
    }
  }
}

/// Suspends an account's subscriptions or lets them run, as the account stands now.
///
/// Messages come in any order, so what counts is the standing that is read after the rows are
/// locked, not the event that led here. The first subscription is made beforehand if need be:
/// whoever makes it at the same time is waited for, so that none is missed.
struct ApplyStanding: Operation {
  let account: Account.ID

  func perform(in telecom: Telecom) async throws {
    try await telecom.transaction { telecom, transaction in
      _ = try await transaction.process(Subscription.InsertFirst(of: account, in: telecom))
      let subscriptions = try await transaction.process(
        Subscription.LockOfAccount(accountID: account)
      ).map(\.id)
      // Subscriptions of accounts that no longer exist aren't served.
      let suspended =
        try await telecom.accounts.standing(of: account, in: telecom.database)?.isBanned ?? true
      let changed = try await transaction.process(
        Subscription.SetSuspended(suspended: suspended, subscriptionIDs: subscriptions)
      )
      guard changed > 0 else { return }
      try await transaction.bump(
        Set(
          try await transaction.process(QueueItem.ListGroupsInUse(subscriptionIDs: subscriptions))
        )
      )
    }
  }
}

extension Subscription.InsertFirst {
  init(of account: Account.ID, in telecom: Telecom) {
    self.init(
      id: telecom.ids.next(),
      accountID: account,
      credential: telecom.ids.randomUUID(),
      linkToken: LinkToken(using: telecom.ids).bytes,
      createdAt: telecom.clock.now
    )
  }
}
