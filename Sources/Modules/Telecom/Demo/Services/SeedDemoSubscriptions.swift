package import Contracts
package import Platform

/// Gives accounts a subscription with an active package each, many at once. Nothing is published.
package struct SeedDemoSubscriptions: Operation {
  let accounts: [Account.ID]
  let createdAt: [Instant]
  let choices: [Int]
  let orders: [Order.ID]

  /// `choices` tells which demo package each account has; the first accounts got it by `orders`,
  /// the others as a gift.
  package init(of accounts: [Account.ID], createdAt: [Instant], choices: [Int], orders: [Order.ID])
  {
    self.accounts = accounts
    self.createdAt = createdAt
    self.choices = choices
    self.orders = orders
  }

  /// Packages began within this many days: those of thirty days last for another ten at least.
  private static let spread = 20

  package func perform(in telecom: InTransaction<Telecom>) async throws {
    let catalogue = try await telecom.process(
      DemoData.ListPackages(groupNames: DemoCatalogue.groups)
    ).map(\.id)
    let packages = choices.map { catalogue[$0] }
    let subscriptions = accounts.map { _ in telecom.ids.next(Subscription.self) }
    try await telecom.process(
      DemoData.InsertSubscriptions(
        subscriptionIDs: subscriptions,
        accountIDs: accounts,
        created: createdAt
      )
    )
    let now = telecom.clock.now
    let started = accounts.indices.map { _ in
      now - .seconds(Int64.random(in: 0..<Int64(Self.spread) * 86_400))
    }
    let earlier = accounts.indices.filter { $0 % 3 == 0 }
    try await telecom.process(
      DemoData.InsertEndedItems(
        subscriptionIDs: earlier.map { subscriptions[$0] },
        ended: earlier.map { started[$0] },
        packageIDs: earlier.map { packages[$0] }
      )
    )
    try await telecom.process(
      DemoData.InsertActiveItems(
        subscriptionIDs: subscriptions,
        orderIDs: orders,
        started: started,
        now: now,
        timeZone: telecom.settings().timeZone,
        usedPercent: accounts.map { _ in Int32.random(in: 0..<80) },
        packageIDs: packages
      )
    )
    let waiting = accounts.indices.filter { $0 % 5 == 0 }
    try await telecom.process(
      DemoData.InsertWaitingItems(
        subscriptionIDs: waiting.map { subscriptions[$0] },
        packageIDs: waiting.map { packages[$0] },
        now: now
      )
    )
    let groups = try await telecom.process(
      QueueItem.ListGroupsInUse(subscriptionIDs: subscriptions)
    )
    try await telecom.bump(Set(groups))
  }
}
