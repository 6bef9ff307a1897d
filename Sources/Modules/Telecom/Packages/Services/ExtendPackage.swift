import Contracts
import FieldViolations
import Platform

/// Moves the end of the active package to a later time.
struct ExtendPackage: AdminOperation {
  static let permission = Permission("telecom.subscription.adjust", .moderators)
  static let repeats = Repeats.firstAnswer

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
  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> Instant? {
    var item = try await telecom.process(HoldItem(id: item)).item
    try item.extend(bySeconds: seconds, at: telecom.clock.now)
    try await telecom.process(
      QueueItem.UpdateLimits(
        adjustQuota: item.adjustQuota,
        expiresAt: item.expiresAt,
        id: item.id
      )
    )
    // A node that asked when the old end passed may have a list without this item.
    try await telecom.bump([item.group])
    return item.expiresAt
  }
}
