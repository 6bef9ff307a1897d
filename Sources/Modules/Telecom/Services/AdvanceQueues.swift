import Contracts
import Platform

/// Brings queues up to date: ends active packages whose time or traffic is over, starts the next ones, and publishes both.
///
/// The only place where a package starts or ends by itself. Whoever calls it bumps the returned groups as the transaction's last statement.
struct AdvanceQueues: Operation {
  /// Any number, in any order: their rows are locked already.
  let subscriptions: [HeldSubscription]
  let now: Instant

  func perform(in transaction: Transaction) async throws -> Set<NodeGroup.ID> {
    guard !subscriptions.isEmpty else { return [] }
    let ids = subscriptions.map(\.id)
    var active: [Subscription.ID: QueueItem] = [:]
    for row in try await transaction.process(LockActiveItems(subscriptionIds: ids)) { active[row.subscriptionId] = QueueItem(row) }

    let idle = ids.filter { id in active[id].map { $0.reasonToEnd(at: now) != nil } ?? true }
    guard !idle.isEmpty else { return [] }
    var next: [Subscription.ID: QueueItem] = [:]
    for row in try await transaction.process(LockNextItems(subscriptionIds: idle)) { next[row.subscriptionId] = QueueItem(row) }

    var changes = QueueChanges()
    for subscription in subscriptions {
      var queue = PackageQueue(active: active[subscription.id], next: next[subscription.id])
      changes.add(queue.advance(at: now), of: subscription)
    }
    try await transaction.process(StoreQueueChanges(changes: changes, now: now))
    return changes.groups
  }
}

/// What happened to queues, ready to be stored.
struct QueueChanges: Sendable {
  fileprivate(set) var ended: [QueueItem] = []
  fileprivate(set) var activated: [QueueItem] = []
  fileprivate(set) var events: [any Message] = []

  /// The groups that lost or won a member.
  var groups: Set<NodeGroup.ID> { Set((ended + activated).map(\.group)) }

  mutating func add(_ changes: [PackageQueue.Change], of subscription: HeldSubscription) {
    for change in changes {
      switch change {
      case .ended(let item, let reason):
        ended.append(item)
        events.append(
          PackageConsumed(
            account: subscription.account, subscription: subscription.id, item: item.id,
            reason: reason == .exhausted ? .exhausted : .expired))
      case .activated(let item):
        activated.append(item)
        events.append(PackageActivated(account: subscription.account, subscription: subscription.id, item: item.id))
      }
    }
  }
}

/// Writes what happened to queues: ends first, for at most one package of a subscription is active.
private struct StoreQueueChanges: Operation {
  let changes: QueueChanges
  let now: Instant

  func perform(in transaction: Transaction) async throws {
    if !changes.ended.isEmpty {
      try await transaction.process(
        EndItems(
          endedAt: now, ids: changes.ended.map(\.id), statuses: changes.ended.map(\.status),
          endReasons: changes.ended.compactMap { $0.end?.reason }))
    }
    if !changes.activated.isEmpty {
      try await transaction.process(
        ActivateItems(
          activatedAt: now, ids: changes.activated.map(\.id), expiries: changes.activated.compactMap(\.expiresAt)))
    }
    if !changes.events.isEmpty { try await transaction.publish(changes.events) }
  }
}

extension Transaction {
  /// Raises the versions of groups: the last thing a transaction does that changed who or what they hold.
  func bump(_ groups: Set<NodeGroup.ID>) async throws {
    guard !groups.isEmpty else { return }
    _ = try await process(BumpNodeGroups(groupIds: Array(groups)))
  }
}
