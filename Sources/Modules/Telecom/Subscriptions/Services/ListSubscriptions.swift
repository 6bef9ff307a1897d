import Contracts
import Platform

/// An account's subscriptions, the oldest first.
struct ListSubscriptions: Operation {
  let account: Account.ID
  let page: PageRequest

  func perform(in telecom: Telecom) async throws -> Page<SubscriptionSummary> {
    let rows = try await telecom.database.process(
      Subscription.ListOfAccount(
        accountID: account,
        after: try page.cursor() ?? .first,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(SubscriptionSummary.init), page) { $0.id }
  }
}

/// One subscription of an account.
struct GetSubscription: Operation {
  let id: Subscription.ID
  let account: Account.ID

  func perform(in telecom: Telecom) async throws -> SubscriptionSummary {
    guard let row = try await telecom.database.process(Subscription.Find(id: id)),
      row.accountID == account
    else {
      throw NotFound("subscription")
    }
    return SubscriptionSummary(row)
  }
}

/// What an operator sees of an account's subscriptions.
struct ListAccountSubscriptions: AdminOperation {
  static let permission = Permission("telecom.subscription.inspect")

  let account: Account.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<
    SubscriptionSummary
  > {
    try await telecom.process(ListSubscriptions(account: account, page: page))
  }
}
