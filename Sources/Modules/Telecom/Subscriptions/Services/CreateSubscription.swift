import Contracts
import Platform

/// Opens another subscription, up to the number that an account may have.
struct CreateSubscription: CustomerOperation {
  static let repeats = Repeats.firstAnswer

  let account: Account.ID

  func perform(in telecom: InTransaction<Telecom>) async throws -> SubscriptionSummary {
    try await telecom.process(EnsureSubscription(account: account))
    // Only the holder of the locks counts at a time, and a ban waits for it. The count is a
    // statement of its own: a SELECT that waited for a lock doesn't see the rows that were inserted
    // meanwhile.
    _ = try await telecom.process(Subscription.LockOfAccount(accountID: account))
    guard
      try await telecom.process(Subscription.CountOfAccount(accountID: account))
        < telecom.settings().subscriptionsPerAccount
    else {
      throw SubscriptionSummary.OpeningError.tooManySubscriptions
    }
    let suspended =
      try await telecom.accounts.standing(of: account, in: telecom.database)?.isBanned ?? true
    let id: Subscription.ID = telecom.ids.next()
    try await telecom.process(
      Subscription.Insert(
        id: id,
        accountID: account,
        credential: telecom.ids.randomUUID(),
        linkToken: LinkToken(using: telecom.ids).bytes,
        suspended: suspended,
        createdAt: telecom.clock.now
      )
    )
    return try await telecom.process(GetSubscription(id: id, account: account))
  }
}
