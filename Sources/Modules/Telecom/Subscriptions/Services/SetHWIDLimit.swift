import Contracts
import FieldViolations
import Platform

/// Gives a subscription a limit of devices of its own, or takes it away. Devices beyond a smaller
/// limit stay until they lapse or are removed.
struct SetHWIDLimit: AdminOperation {
  static let permission = Permission("telecom.subscription.limit_devices", .moderators)

  let subscription: Subscription.ID
  /// 0: any number; nil: what its package says, or else the settings.
  let limit: Int32?
  let reason: String

  init(subscription: Subscription.ID, limit: Int32?, reason: String) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(
      (0...SubscriptionDevice.largestLimit).contains(limit ?? 0),
      "hwid_limit",
      "must be 0 to \(SubscriptionDevice.largestLimit), or left out"
    )
    violations.checkReason(reason)
    try violations.throwIfAny()
    self.subscription = subscription
    self.limit = limit
    self.reason = reason
  }

  var target: AuditTarget { AuditTarget("subscription", subscription.description) }
  var detail: String {
    let most =
      limit.map { $0 == 0 ? "any number" : "\($0)" }
      ?? "its package's limit, or that of the settings"
    return "limit devices to \(most): \(reason)"
  }

  func perform(in telecom: InTransaction<Telecom>, as admin: Authorized<Self>) async throws {
    let changed = try await telecom.process(
      SubscriptionDevice.SetLimit(hwidLimit: limit, id: subscription)
    )
    guard changed == 1 else { throw NotFound("subscription") }
  }
}
