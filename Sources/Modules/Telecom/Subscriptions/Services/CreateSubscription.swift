import Contracts
import Platform

/// Opens another subscription, up to the number that an account may have.
struct CreateSubscription: Operation {
  let account: Account.ID
  let key: IdempotencyKey?

  func perform(in telecom: Telecom) async throws -> SubscriptionSummary {
    try await telecom.transaction { telecom, transaction in
      let now = telecom.clock.now
      let id = try await transaction.idempotently(key, request: account, at: now) {
        try await telecom.process(EnsureSubscription(account: account))
        // Only the holder of the locks counts at a time, and a ban waits for it. The count is a
        // statement of its own: a SELECT that waited for a lock doesn't see the rows that were
        // inserted meanwhile.
        _ = try await transaction.process(Subscription.LockOfAccount(accountID: account))
        guard
          try await transaction.process(Subscription.CountOfAccount(accountID: account))
            < telecom.settings().subscriptionsPerAccount
        else {
          throw SubscriptionSummary.OpeningError.tooManySubscriptions
        }
        let suspended =
          try await telecom.accounts.standing(of: account, in: telecom.database)?.isBanned ?? true
        let id: Subscription.ID = telecom.ids.next()
        try await transaction.process(
          Subscription.Insert(
            id: id,
            accountID: account,
            credential: telecom.ids.randomUUID(),
            linkToken: LinkToken(using: telecom.ids).bytes,
            suspended: suspended,
            createdAt: now
          )
        )
        return id
      }
      return try await telecom.process(GetSubscription(id: id, account: account))
    }
  }
}
