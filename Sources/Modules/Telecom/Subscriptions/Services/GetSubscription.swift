import Contracts
import Platform

/// One subscription of an account.
struct GetSubscription: Operation {
  let id: Subscription.ID
  let account: Account.ID

  func perform(in telecom: Telecom) async throws -> SubscriptionSummary {
    guard let row = try await telecom.process(Subscription.Find(id: id)), row.accountID == account
    else {
      throw NotFound("subscription")
    }
    return telecom.summary(row)
  }
}

extension Telecom {
  /// A subscription with its links on the domains that the settings name.
  func summary(_ row: SubscriptionSummary.Row) -> SubscriptionSummary {
    SubscriptionSummary(row, links: settings().links)
  }
}
