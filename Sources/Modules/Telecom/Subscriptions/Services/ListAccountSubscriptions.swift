import Contracts
import Platform

/// What an operator sees of an account's subscriptions.
struct ListAccountSubscriptions: AdminOperation {
  static let permission = Permission("telecom.subscription.inspect", .support)

  let account: Account.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(
    in telecom: Telecom,
    as admin: Authorized<Self>
  ) async throws -> Page<SubscriptionSummary> {
    try await telecom.process(ListSubscriptions(account: account, page: page))
  }
}
