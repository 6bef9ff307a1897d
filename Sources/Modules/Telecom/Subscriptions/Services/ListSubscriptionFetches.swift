import Contracts
import Platform

/// Who fetched a subscription's link lately, the newest first.
struct ListSubscriptionFetches: AdminOperation {
  static let permission = Permission("telecom.subscription.list_fetches", .support)

  let subscription: Subscription.ID
  /// Up to now; distinct addresses are counted in it.
  let window: Duration
  let page: PageRequest

  /// Longer than the log of any subscription in use.
  private static let longestWindow: Int64 = 366 * 86_400
  private static let usualWindow: Int64 = 86_400

  /// - Parameter windowSeconds: 0 stands for a day.
  init(subscription: Subscription.ID, windowSeconds: Int64, page: PageRequest) throws(InvalidInput)
  {
    guard (0...Self.longestWindow).contains(windowSeconds) else {
      throw InvalidInput("window_seconds", "must be 0 to \(Self.longestWindow)")
    }
    self.subscription = subscription
    window = .seconds(windowSeconds == 0 ? Self.usualWindow : windowSeconds)
    self.page = page
  }

  var target: AuditTarget { AuditTarget("subscription", subscription.description) }

  struct Answer: Sendable {
    let page: Page<SubscriptionFetch.List.Row>
    let distinctAddresses: Int64
  }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Answer {
    let rows = try await telecom.process(
      SubscriptionFetch.List(
        subscriptionID: subscription,
        before: try page.cursor() ?? .max,
        rowLimit: Int32(page.size + 1)
      )
    )
    let addresses = try await telecom.process(
      SubscriptionFetch.CountAddresses(
        subscriptionID: subscription,
        since: telecom.clock.now - window
      )
    )
    return Answer(page: try Page(rows, page) { $0.id }, distinctAddresses: addresses)
  }
}
