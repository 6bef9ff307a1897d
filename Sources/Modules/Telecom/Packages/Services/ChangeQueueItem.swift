import Contracts
import Platform

/// One package of a queue, locked together with its subscription.
struct HeldItem: Sendable {
  let subscription: HeldSubscription
  let item: QueueItem
}

/// Locks a package and its subscription, in the order of locks.
struct HoldItem: Operation {
  let id: PackageQueueItem.ID

  func perform(in transaction: Transaction) async throws -> HeldItem {
    guard let subscription = try await transaction.process(QueueItem.FindSubscription(id: id)),
      let held = try await transaction.process(Subscription.Lock(id: subscription)),
      let row = try await transaction.process(QueueItem.Lock(id: id))
    else { throw NotFound("packageQueueItem") }
    return HeldItem(subscription: HeldSubscription(held), item: QueueItem(row))
  }
}

/// Adds traffic to a package, or takes some away. An active package without any left ends, and the
/// next one starts.
struct AdjustQuota: AdminOperation {
  static let permission = Permission("telecom.subscription.adjust")

  let item: PackageQueueItem.ID
  let delta: Int64
  let reason: String

  init(item: PackageQueueItem.ID, delta: Int64, reason: String) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(delta != 0, "delta_bytes", "must not be 0")
    violations.checkReason(reason)
    try violations.throwIfAny()
    self.item = item
    self.delta = delta
    self.reason = reason
  }

  var target: AuditTarget { AuditTarget("package_queue_item", item.description) }
  var detail: String { "adjust by \(delta) bytes: \(reason)" }

  /// The quota's adjustment after it.
  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Int64 {
    let key = try idempotencyKey(of: admin)
    return try await telecom.changeOnce(key, ItemChange(item: item, amount: delta, reason: reason))
    { telecom, transaction in
      let subscription = try await transaction.process(HoldItem(id: item)).subscription
      let advance = AdvanceQueues(
        subscriptions: [subscription],
        now: telecom.clock.now,
        timeZone: telecom.settings().timeZone
      )
      // A period that is due begins first; otherwise its reset would undo the change.
      var groups = try await transaction.process(advance)
      var item = try await transaction.process(HoldItem(id: item)).item
      try item.adjustQuota(by: delta)
      try await transaction.process(
        QueueItem.UpdateLimits(
          adjustQuota: item.adjustQuota,
          expiresAt: item.expiresAt,
          id: item.id
        )
      )
      groups.formUnion(try await transaction.process(advance))
      try await transaction.bump(groups)
      return item.adjustQuota
    }
  }
}

/// Moves the end of the active package to a later time.
struct ExtendPackage: AdminOperation {
  static let permission = Permission("telecom.subscription.adjust")

  let item: PackageQueueItem.ID
  let seconds: Int64
  let reason: String

  init(item: PackageQueueItem.ID, seconds: Int64, reason: String) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(
      (1...Package.Spec.longestDuration).contains(seconds),
      "seconds",
      "must be 1 to \(Package.Spec.longestDuration)"
    )
    violations.checkReason(reason)
    try violations.throwIfAny()
    self.item = item
    self.seconds = seconds
    self.reason = reason
  }

  var target: AuditTarget { AuditTarget("package_queue_item", item.description) }
  var detail: String { "extend by \(seconds) s: \(reason)" }

  /// The end after it.
  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Instant? {
    let key = try idempotencyKey(of: admin)
    return try await telecom.changeOnce(
      key,
      ItemChange(item: item, amount: seconds, reason: reason)
    ) { telecom, transaction in
      var item = try await transaction.process(HoldItem(id: item)).item
      try item.extend(bySeconds: seconds, at: telecom.clock.now)
      try await transaction.process(
        QueueItem.UpdateLimits(
          adjustQuota: item.adjustQuota,
          expiresAt: item.expiresAt,
          id: item.id
        )
      )
      // A node that asked when the old end passed may have a list without this item.
      try await transaction.bump([item.group])
      return item.expiresAt
    }
  }
}

/// Takes a package out of the queue. If it was active, the next one starts.
struct CancelPackage: AdminOperation {
  static let permission = Permission("telecom.subscription.adjust")

  let item: PackageQueueItem.ID
  let reason: String

  init(item: PackageQueueItem.ID, reason: String) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.checkReason(reason)
    try violations.throwIfAny()
    self.item = item
    self.reason = reason
  }

  var target: AuditTarget { AuditTarget("package_queue_item", item.description) }
  var detail: String { "cancel: \(reason)" }

  /// When it ended.
  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Instant {
    let key = try idempotencyKey(of: admin)
    return try await telecom.changeOnce(key, ItemChange(item: item, amount: 0, reason: reason)) {
      telecom,
      transaction in
      let held = try await transaction.process(HoldItem(id: item))
      let now = telecom.clock.now
      var item = held.item
      try item.cancel(at: now)
      try await transaction.process(
        QueueItem.EndMany(
          endedAt: now,
          ids: [item.id],
          statuses: [item.status],
          endReasons: [.cancelled]
        )
      )
      try await transaction.publish(
        PackageCancelled(
          account: held.subscription.account,
          subscription: held.subscription.id,
          item: item.id
        )
      )
      var groups = try await transaction.process(
        AdvanceQueues(
          subscriptions: [held.subscription],
          now: now,
          timeZone: telecom.settings().timeZone
        )
      )
      if held.item.status == .active { groups.insert(item.group) }
      try await transaction.bump(groups)
      return now
    }
  }
}

/// What tells one change of a package from another under the same idempotency key.
private struct ItemChange: Encodable {
  let item: PackageQueueItem.ID
  let amount: Int64
  let reason: String
}

extension Telecom {
  /// Makes a change in a transaction, once per key.
  fileprivate func changeOnce<Answer: Codable & Sendable>(
    _ key: IdempotencyKey?,
    _ change: ItemChange,
    _ body: @Sendable (Telecom, Transaction) async throws -> Answer
  ) async throws -> Answer {
    try await transaction { telecom, transaction in
      try await transaction.idempotently(key, request: change, at: telecom.clock.now) {
        try await body(telecom, transaction)
      }
    }
  }
}

extension [FieldViolation] {
  mutating func checkReason(_ reason: String) {
    check(line: reason, of: TextLengths.reason, "reason")
  }
}
