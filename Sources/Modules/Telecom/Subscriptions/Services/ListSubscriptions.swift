import Contracts
import Platform

/// An account's subscriptions, the oldest first.
struct ListSubscriptions: CustomerOperation {
  let account: Account.ID
  let page: PageRequest

  func perform(in telecom: Telecom) async throws -> Page<SubscriptionSummary> {
    let rows = try await telecom.process(
      Subscription.ListOfAccount(
        accountID: account,
        after: try page.cursor() ?? .first,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(telecom.summary), page) { $0.id }
  }
}
