import Contracts
import Platform

/// How often a subscription's link was fetched each day and from where, the newest day first.
struct ListSubscriptionFetchDays: AdminOperation {
  static let permission = Permission("telecom.subscription.list_fetches", .support)

  let subscription: Subscription.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("subscription", subscription.description) }

  struct Answer: Sendable {
    let page: Page<SubscriptionFetch.ListDays.Row>
    /// Over all days that are kept.
    let distinctAddresses: Int64
  }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Answer {
    let rows = try await telecom.process(
      SubscriptionFetch.ListDays(
        subscriptionID: subscription,
        beforeNumber: try page.cursor() ?? .max,
        rowLimit: Int32(page.size + 1)
      )
    )
    let addresses = try await telecom.process(
      SubscriptionFetch.CountDayAddresses(subscriptionID: subscription)
    )
    return Answer(page: try Page(rows, page) { $0.number }, distinctAddresses: addresses)
  }
}
