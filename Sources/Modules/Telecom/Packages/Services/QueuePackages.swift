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

  func perform(in telecom: InTransaction<Telecom>) async throws -> QueuedPackages {
    let held = try await hold(in: telecom)
    let copies = try await copies(in: telecom)
    let now = telecom.clock.now
    let items = copies.map { _ in telecom.ids.next(PackageQueueItem.self) }
    let inserted = try await telecom.process(
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
    let groups = try await telecom.process(AdvanceQueues(subscriptions: [held], now: now))
    if let order {
      try await telecom.publish(OrderDelivered(order: order, subscription: held.id))
    }
    try await telecom.bump(groups)
    return QueuedPackages(subscription: held.id, items: items)
  }

  private func hold(in telecom: InTransaction<Telecom>) async throws -> HeldSubscription {
    guard let subscription else {
      if let row = try await telecom.process(Subscription.LockFirst(accountID: account)) {
        return HeldSubscription(row)
      }
      // The order was paid before the account's registration was handled here.
      try await telecom.process(EnsureSubscription(account: account))
      guard let row = try await telecom.process(Subscription.LockFirst(accountID: account))
      else { throw NotFound("subscription") }
      return HeldSubscription(row)
    }
    return try await telecom.hold(subscription, of: account)
  }

  /// The package that each copy is, in the order of the queue.
  private func copies(in telecom: InTransaction<Telecom>) async throws -> [Package.ID] {
    var total = 0
    for package in packages {
      guard (1...PurchasedPackage.maxCopies).contains(package.amount),
        total + package.amount <= PurchasedPackage.maxCopies
      else {
        throw InvalidInput("amount", "must be 1 to \(PurchasedPackage.maxCopies)")
      }
      total += package.amount
    }
    guard total > 0 else { throw InvalidInput("packages", "must not be empty") }
    let rows = try await telecom.process(Package.FindMasters(seriesIDs: packages.map(\.series)))
    let masters = Dictionary(uniqueKeysWithValues: rows.map { ($0.series, $0.id) })
    return try packages.flatMap { package in
      guard let master = masters[package.series] else { throw NotFound("packageSeries") }
      return Array(repeating: master, count: package.amount)
    }
  }
}

/// What came into a queue.
package struct QueuedPackages: Hashable, Sendable {
  package let subscription: Subscription.ID
  /// Empty if the order was delivered before.
  package let items: [PackageQueueItem.ID]
}
