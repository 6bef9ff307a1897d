import Contracts
import FieldViolations
import Platform

/// Takes a package out of the queue. If it was active, the next one starts.
struct CancelPackage: AdminOperation {
  static let permission = Permission("telecom.subscription.adjust", .moderators)
  static let repeats = Repeats.firstAnswer

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
  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> Instant {
    let held = try await telecom.process(HoldItem(id: item))
    let now = telecom.clock.now
    var item = held.item
    try item.cancel(at: now)
    try await telecom.process(
      QueueItem.EndMany(
        endedAt: now,
        ids: [item.id],
        statuses: [item.status],
        endReasons: [.cancelled]
      )
    )
    try await telecom.publish(
      PackageCancelled(
        account: held.subscription.account,
        subscription: held.subscription.id,
        item: item.id
      )
    )
    var groups = try await telecom.process(
      AdvanceQueues(subscriptions: [held.subscription], now: now)
    )
    if held.item.status == .active { groups.insert(item.group) }
    try await telecom.bump(groups)
    return now
  }
}
