package import Contracts
package import Platform

/// Makes an account's first subscription unless it is there, and delivers its order, which a worker
/// may deliver too; it ends up active.
package struct SeedDemoSubscription: Operation {
  let account: Account.ID
  let order: Order.ID?
  let series: PackageSeries.ID
  let admin: Admin

  /// Without an order nothing is delivered yet.
  package init(account: Account.ID, order: Order.ID?, series: PackageSeries.ID, by admin: Admin) {
    self.account = account
    self.order = order
    self.series = series
    self.admin = admin
  }

  package func perform(in telecom: InTransaction<Telecom>) async throws -> DemoSubscription {
    try await telecom.process(EnsureSubscription(account: account))
    if let order {
      _ = try await telecom.process(
        QueuePackages(
          account: account,
          subscription: nil,
          packages: [PurchasedPackage(series: series, amount: 1)],
          order: order
        )
      )
      try await telecom.process(AdvanceSubscription(id: try await first(in: telecom).id))
      // What was bought a year ago has ended.
      if try await first(in: telecom).active == nil {
        _ = try await telecom.process(
          GrantPackage(account: account, series: series, reason: "demo data"),
          as: admin
        )
      }
    }
    let subscription = try await first(in: telecom)
    return DemoSubscription(linkToken: subscription.linkToken, nodeUserID: subscription.nodeUserID)
  }

  private func first(in telecom: InTransaction<Telecom>) async throws -> SubscriptionSummary {
    let rows = try await telecom.process(
      Subscription.ListOfAccount(accountID: account, after: .first, rowLimit: 1)
    )
    guard let row = rows.first else { throw NotFound("subscription") }
    return telecom.module.summary(row)
  }
}

/// How the first customer of the demo data reaches its nodes.
package struct DemoSubscription: Hashable, Sendable {
  package let linkToken: LinkToken
  package let nodeUserID: Int32
}
