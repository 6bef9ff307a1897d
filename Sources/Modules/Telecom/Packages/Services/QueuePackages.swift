package import Contracts
import Platform

/// Puts packages into a subscription's queue, and starts the first if none is active.
///
/// With an order it is safe to repeat: what the order delivered before is not delivered again.
struct QueuePackages: Operation {
  let account: Account.ID
  /// Nil: the account's first, which is made if need be.
  let subscription: Subscription.ID?
  let packages: [PurchasedPackage]
  /// Nil: a gift.
  let order: Order.ID?

  func perform(in telecom: Telecom) async throws -> QueuedPackages {
    try await telecom.transaction { telecom, transaction in
      let held = try await hold(in: telecom, transaction)
      let copies = try await copies(in: transaction)
      let now = telecom.clock.now
      let items = copies.map { _ in telecom.ids.next(PackageQueueItem.self) }
      let inserted = try await transaction.process(
        QueueItem.InsertMany(
          subscriptionID: held.id,
          orderID: order,
          createdAt: now,
          ids: items,
          packageIDs: copies,
          orderLines: (1...Int32(copies.count)).map { $0 }
        )
      )
      guard inserted > 0 else { return QueuedPackages(subscription: held.id, items: []) }
      let groups = try await transaction.process(
        AdvanceQueues(subscriptions: [held], now: now, timeZone: telecom.settings().timeZone)
      )
      if let order {
        try await transaction.publish(OrderDelivered(order: order, subscription: held.id))
      }
      try await transaction.bump(groups)
      return QueuedPackages(subscription: held.id, items: items)
    }
  }

  private func hold(in telecom: Telecom, _ transaction: Transaction) async throws
    -> HeldSubscription
  {
    guard let subscription else {
      if let row = try await transaction.process(Subscription.LockFirst(accountID: account)) {
        return HeldSubscription(row)
      }
      // The order was paid before the account's registration was handled here.
      try await telecom.process(EnsureSubscription(account: account))
      guard let row = try await transaction.process(Subscription.LockFirst(accountID: account))
      else { throw NotFound("subscription") }
      return HeldSubscription(row)
    }
    guard let row = try await transaction.process(Subscription.Lock(id: subscription)),
      row.accountID == account
    else {
      throw NotFound("subscription")
    }
    return HeldSubscription(row)
  }

  /// The package that each copy is, in the order of the queue.
  private func copies(in transaction: Transaction) async throws -> [Package.ID] {
    var total = 0
    for package in packages {
      guard (1...PurchasedPackage.mostCopies).contains(package.amount),
        total + package.amount <= PurchasedPackage.mostCopies
      else {
        throw InvalidInput("amount", "must be 1 to \(PurchasedPackage.mostCopies)")
      }
      total += package.amount
    }
    guard total > 0 else { throw InvalidInput("packages", "must not be empty") }
    let rows = try await transaction.process(Package.FindMasters(seriesIDs: packages.map(\.series)))
    let masters = Dictionary(uniqueKeysWithValues: rows.map { ($0.series, $0.id) })
    return try packages.flatMap { package in
      guard let master = masters[package.series] else { throw NotFound("packageSeries") }
      return Array(repeating: master, count: package.amount)
    }
  }
}

/// What came into a queue.
package struct QueuedPackages: Hashable, Sendable, Codable {
  package let subscription: Subscription.ID
  /// Empty if the order was delivered before.
  package let items: [PackageQueueItem.ID]
}
