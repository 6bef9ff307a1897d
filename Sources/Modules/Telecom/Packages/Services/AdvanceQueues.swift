import Contracts
import Platform

/// Brings queues up to date: ends active packages whose time or traffic is over, starts the next
/// ones, resets traffic where a period begins, and publishes all of it.
///
/// The only place where a package starts or ends by itself. The caller must bump the returned
/// groups as the transaction's last statement.
struct AdvanceQueues: Operation {
  /// Any number, in any order. Their rows must already be locked.
  let subscriptions: [HeldSubscription]
  let now: Instant
  /// Whose days and months count.
  let timeZone: String

  func perform(in transaction: Transaction) async throws -> Set<NodeGroup.ID> {
    guard !subscriptions.isEmpty else { return [] }
    let ids = subscriptions.map(\.id)
    var active: [Subscription.ID: QueueItem] = [:]
    for row in try await transaction.process(QueueItem.LockActive(subscriptionIDs: ids)) {
      active[row.subscriptionID] = QueueItem(row)
    }

    let idle = ids.filter { id in active[id].map { $0.reasonToEnd(at: now) != nil } ?? true }
    var next: [Subscription.ID: QueueItem] = [:]
    if !idle.isEmpty {
      for row in try await transaction.process(QueueItem.LockNext(subscriptionIDs: idle)) {
        next[row.subscriptionID] = QueueItem(row)
      }
    }

    var changes = QueueChanges()
    for subscription in subscriptions {
      var queue = PackageQueue(active: active[subscription.id], next: next[subscription.id])
      changes.add(queue.advance(at: now), of: subscription)
    }
    try await transaction.process(StoreQueueChanges(changes: changes, now: now, timeZone: timeZone))
    return changes.groups
  }
}

/// What happened to queues, ready to be stored.
struct QueueChanges: Sendable {
  fileprivate(set) var ended: [QueueItem] = []
  fileprivate(set) var activated: [QueueItem] = []
  fileprivate(set) var reset: [QueueItem] = []
  /// Items whose traffic is used up until the next reset, or no longer is.
  fileprivate(set) var marked: [QueueItem] = []
  fileprivate(set) var events: [any Message] = []

  /// The groups that lost or won a member.
  var groups: Set<NodeGroup.ID> { Set((ended + activated + reset + marked).map(\.group)) }

  mutating func add(_ changes: [PackageQueue.Change], of subscription: HeldSubscription) {
    for change in changes {
      switch change {
      case .ended(let item, let reason):
        ended.append(item)
        events.append(
          PackageConsumed(
            account: subscription.account,
            subscription: subscription.id,
            item: item.id,
            reason: reason == .exhausted ? .exhausted : .expired
          )
        )
      case .activated(let item):
        activated.append(item)
        events.append(
          PackageActivated(
            account: subscription.account,
            subscription: subscription.id,
            item: item.id
          )
        )
      case .reset(let item):
        reset.append(item)
        events.append(
          PackageTrafficReset(
            account: subscription.account,
            subscription: subscription.id,
            item: item.id
          )
        )
      case .exhausted(let item):
        marked.append(item)
        events.append(
          PackageTrafficExhausted(
            account: subscription.account,
            subscription: subscription.id,
            item: item.id
          )
        )
      case .replenished(let item):
        marked.append(item)
      }
    }
  }
}

/// Writes what happened to queues. Ends come first, since at most one package of a subscription may
/// be active.
struct StoreQueueChanges: Operation {
  let changes: QueueChanges
  let now: Instant
  let timeZone: String

  func perform(in transaction: Transaction) async throws {
    if !changes.ended.isEmpty {
      try await transaction.process(
        QueueItem.EndMany(
          endedAt: now,
          ids: changes.ended.map(\.id),
          statuses: changes.ended.map(\.status),
          endReasons: changes.ended.compactMap { $0.end?.reason }
        )
      )
    }
    if !changes.activated.isEmpty {
      try await transaction.process(
        QueueItem.Activate(
          activatedAt: now,
          timeZone: timeZone,
          ids: changes.activated.map(\.id),
          expiries: changes.activated.compactMap(\.expiresAt)
        )
      )
    }
    if !changes.reset.isEmpty {
      try await transaction.process(
        QueueItem.Reset(now: now, timeZone: timeZone, ids: changes.reset.map(\.id))
      )
    }
    if !changes.marked.isEmpty {
      try await transaction.process(
        QueueItem.MarkExhausted(
          now: now,
          ids: changes.marked.map(\.id),
          exhausted: changes.marked.map { $0.exhaustedAt != nil }
        )
      )
    }
    if !changes.events.isEmpty { try await transaction.publish(changes.events) }
  }
}

extension Transaction {
  /// Increases the versions of groups. It must be the last statement of a transaction that changed
  /// their members or nodes.
  func bump(_ groups: Set<NodeGroup.ID>) async throws {
    guard !groups.isEmpty else { return }
    _ = try await process(NodeGroup.Bump(groupIDs: Array(groups)))
  }
}
