import Platform

/// The bytes that a package may use, and those that it has used.
struct Quota: Hashable, Sendable {
  /// The bytes it may use: as bought, with what an operator added or took. Never negative.
  let total: Int64
  /// Billed bytes, of this period if its traffic resets.
  let used: Int64

  init(bought: Int64, adjustment: Int64, used: Int64) {
    total = max(0, bought + adjustment)
    self.used = used
  }

  /// What may still be used. Never negative: a report may go beyond the last byte.
  var left: Int64 { max(0, total - used) }

  /// Whether the last byte is used. A quota of nothing is used up from the start.
  ///
  /// `NodeClient.sql` and `Subscription.sql` select by the same rule.
  var isUsedUp: Bool { used >= total }

  /// What is used of it, in whole thousandths; 1000 when it is used up, and not before.
  var usedPerMille: Int {
    isUsedUp ? 1_000 : min(999, Int(Double(used) / Double(total) * 1_000))
  }
}

/// What counts of a package in use: its bytes, and the moments that change them.
struct ActiveQuota: Hashable, Sendable {
  let bytes: Quota
  /// Its time is over at that very moment.
  let expiresAt: Instant
  /// When its traffic starts anew; nil: never.
  let resetsAt: Instant?
  /// Since when it is marked as waiting for that without traffic; nil: it isn't.
  let exhaustedAt: Instant?

  /// Why it is over at that time; nil while it lasts. One whose traffic resets before its time is
  /// over only waits when its bytes are used up.
  func reasonToEnd(at now: Instant) -> QueueItem.EndReason? {
    if expiresAt <= now { return .expired }
    let willReset = resetsAt.map { $0 < expiresAt } ?? false
    return bytes.isUsedUp && !willReset ? .exhausted : nil
  }

  /// Whether a new period has begun by that time, which is not its end.
  func isDueToReset(at now: Instant) -> Bool {
    guard let resetsAt else { return false }
    return resetsAt <= now && now < expiresAt
  }

  /// Whether the mark "out of traffic until the next period" is wrong.
  func isDueToBeMarked(at now: Instant) -> Bool {
    reasonToEnd(at: now) == nil && bytes.isUsedUp != (exhaustedAt != nil)
  }

  /// Whether any of this is due, so that the package's queue has to be advanced.
  func isDue(at now: Instant) -> Bool {
    reasonToEnd(at: now) != nil || isDueToReset(at: now) || isDueToBeMarked(at: now)
  }
}
