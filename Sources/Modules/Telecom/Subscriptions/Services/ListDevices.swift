import Contracts
import Platform

/// The devices of one of an account's subscriptions, in the order of their ids.
struct ListDevices: CustomerOperation {
  let subscription: Subscription.ID
  let account: Account.ID
  let page: PageRequest

  func perform(in telecom: Telecom) async throws -> SubscriptionDevices {
    guard let row = try await telecom.process(SubscriptionDevice.FindLimit(id: subscription)),
      row.accountID == account
    else {
      throw NotFound("subscription")
    }
    return try await telecom.devices(of: subscription, row, page)
  }
}

/// The devices of a subscription and how many there may be.
struct SubscriptionDevices: Sendable {
  let page: Page<SubscriptionDevice.List.Row>
  /// Nil: any number.
  let limit: Int32?
  /// The subscription's own limit; nil: it has none, 0: any number.
  let ownLimit: Int32?
}

extension Telecom {
  /// The devices of a subscription, whose limits are in `row`.
  func devices(
    of subscription: Subscription.ID,
    _ row: SubscriptionDevice.FindLimit.Row,
    _ page: PageRequest
  ) async throws -> SubscriptionDevices {
    let rows = try await process(
      SubscriptionDevice.List(
        subscriptionID: subscription,
        seenSince: devicesKept(at: clock.now),
        after: try page.cursor() ?? "",
        rowLimit: Int32(page.size + 1)
      )
    )
    return SubscriptionDevices(
      page: try Page(rows, page) { $0.hwid },
      limit: SubscriptionDevice.limit(
        own: row.hwidLimit,
        package: row.packageHwidLimit,
        settings: settings()
      ),
      ownLimit: row.hwidLimit
    )
  }
}
