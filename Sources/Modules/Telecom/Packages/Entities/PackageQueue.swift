import Platform

/// The part of a subscription's queue that matters at a moment: the active package and the first
/// one that waits.
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
    /// Its traffic was reset.
    case reset(QueueItem)
    /// Its traffic is used up until the next reset.
    case exhausted(QueueItem)
    /// An operator gave it more traffic within the same period.
    case replenished(QueueItem)
  }

  /// Ends the active package if it is over or resets its traffic, and starts the next package if
  /// none is active.
  mutating func advance(at now: Instant) -> [Change] {
    var changes: [Change] = []
    if var item = active {
      if item.reset(at: now) {
        active = item
        changes.append(.reset(item))
      } else if let reason = item.consume(at: now) {
        active = nil
        changes.append(.ended(item, reason))
      } else if item.markExhaustion(at: now) {
        active = item
        changes.append(item.exhaustedAt == nil ? .replenished(item) : .exhausted(item))
      }
    }
    if active == nil, var item = next, (try? item.activate(at: now)) != nil {
      active = item
      next = nil
      changes.append(.activated(item))
    }
    return changes
  }

  /// Gives up what is left of an active package that waits for its next period, and starts the next
  /// one in its place.
  mutating func startNext(at now: Instant) throws(QueueItem.ChangeError) -> [Change] {
    guard var item = active else { throw .packageNotActive }
    guard var following = next else { throw .nothingWaits }
    try item.giveUp(at: now)
    try following.activate(at: now)
    active = following
    next = nil
    return [.ended(item, .exhausted), .activated(following)]
  }
}
