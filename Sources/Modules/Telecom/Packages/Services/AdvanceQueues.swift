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

  func perform(in telecom: InTransaction<Telecom>) async throws -> Set<NodeGroup.ID> {
    guard !subscriptions.isEmpty else { return [] }
    let ids = subscriptions.map(\.id)
    var active: [Subscription.ID: QueueItem] = [:]
    for row in try await telecom.process(QueueItem.LockActive(subscriptionIDs: ids)) {
      active[row.subscriptionID] = QueueItem(row)
    }

    let idle = ids.filter { id in active[id].map { $0.reasonToEnd(at: now) != nil } ?? true }
    var next: [Subscription.ID: QueueItem] = [:]
    if !idle.isEmpty {
      for row in try await telecom.process(QueueItem.LockNext(subscriptionIDs: idle)) {
        next[row.subscriptionID] = QueueItem(row)
      }
    }

    var changes = QueueChanges()
    for subscription in subscriptions {
      var queue = PackageQueue(active: active[subscription.id], next: next[subscription.id])
      changes.add(queue.advance(at: now), of: subscription)
    }
    try await telecom.process(StoreQueueChanges(changes: changes, now: now))
    return changes.groups
  }
}

extension InTransaction<Telecom> {
  /// Increases the versions of groups. It must be the last statement of a transaction that changed
  /// their members or nodes.
  func bump(_ groups: Set<NodeGroup.ID>) async throws {
    guard !groups.isEmpty else { return }
    _ = try await process(NodeGroup.Bump(groupIDs: Array(groups)))
  }
}
