import Contracts
import Platform

/// Gives a subscription new links; the old ones stop working at once.
struct ResetLink: CustomerOperation {
  let subscription: Subscription.ID
  let account: Account.ID

  func perform(in telecom: InTransaction<Telecom>) async throws -> SubscriptionSummary {
    let token = LinkToken(using: telecom.ids)
    let changed = try await telecom.process(
      Subscription.ReplaceLinkToken(linkToken: token.bytes, id: subscription, accountID: account)
    )
    guard changed == 1 else { throw NotFound("subscription") }
    return try await telecom.process(GetSubscription(id: subscription, account: account))
  }
}
