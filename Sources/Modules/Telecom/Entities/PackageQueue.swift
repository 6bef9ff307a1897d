import Platform

/// What counts of a subscription's queue at a moment: the active package and the first that waits.
struct PackageQueue: Hashable, Sendable {
  private(set) var active: QueueItem?
  private(set) var next: QueueItem?

  init(active: QueueItem?, next: QueueItem?) {
    self.active = active
    self.next = next
  }

  /// What happened to a queue.
  enum Change: Hashable, Sendable {
    case ended(QueueItem, QueueItem.EndReason)
    case activated(QueueItem)
  }

  /// Ends the active package if it is over, and starts the next one if none is active.
  mutating func advance(at now: Instant) -> [Change] {
    var changes: [Change] = []
    if var item = active, let reason = item.consume(at: now) {
      active = nil
      changes.append(.ended(item, reason))
    }
    if active == nil, var item = next, (try? item.activate(at: now)) != nil {
      active = item
      next = nil
      changes.append(.activated(item))
    }
    return changes
  }
}
