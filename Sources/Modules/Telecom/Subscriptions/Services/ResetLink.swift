import Contracts
import Platform

/// Gives a subscription new links; the old ones stop working at once.
struct ResetLink: Operation {
  let subscription: Subscription.ID
  let account: Account.ID

  func perform(in telecom: Telecom) async throws -> SubscriptionSummary {
    let token = LinkToken(using: telecom.ids)
    let changed = try await telecom.database.process(
      Subscription.ReplaceLinkToken(linkToken: token.bytes, id: subscription, accountID: account)
    )
    guard changed == 1 else { throw NotFound("subscription") }
    return try await telecom.process(GetSubscription(id: subscription, account: account))
  }
}

/// Gives a subscription a new credential: nodes refuse the old one from their next poll.
struct RotateCredential: Operation {
  let subscription: Subscription.ID
  let account: Account.ID

  func perform(in telecom: Telecom) async throws -> SubscriptionSummary {
    try await telecom.transaction { telecom, transaction in
      guard let row = try await transaction.process(Subscription.Lock(id: subscription)),
        row.accountID == account
      else {
        throw NotFound("subscription")
      }
      _ = try await transaction.process(
        Subscription.ReplaceCredential(credential: telecom.ids.randomUUID(), id: subscription)
      )
      let summary = try await telecom.process(GetSubscription(id: subscription, account: account))
      try await transaction.bump(
        Set(
          try await transaction.process(QueueItem.ListGroupsInUse(subscriptionIDs: [subscription]))
        )
      )
      return summary
    }
  }
}
