import Contracts
import FieldViolations
import Platform

/// Adds traffic to a package, or takes some away. An active package without any left ends, and the
/// next one starts.
struct AdjustQuota: AdminOperation {
  static let permission = Permission("telecom.subscription.adjust", .moderators)
  static let repeats = Repeats.firstAnswer

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
  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> Int64 {
    let subscription = try await telecom.process(HoldItem(id: item)).subscription
    let advance = AdvanceQueues(subscriptions: [subscription], now: telecom.clock.now)
    // A period that is due begins first; otherwise its reset would undo the change.
    var groups = try await telecom.process(advance)
    var item = try await telecom.process(HoldItem(id: item)).item
    try item.adjustQuota(by: delta)
    try await telecom.process(
      QueueItem.UpdateLimits(
        adjustQuota: item.adjustQuota,
        expiresAt: item.expiresAt,
        id: item.id
      )
    )
    groups.formUnion(try await telecom.process(advance))
    try await telecom.bump(groups)
    return item.adjustQuota
  }
}
