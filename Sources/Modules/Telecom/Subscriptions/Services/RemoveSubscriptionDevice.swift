import Contracts
import Platform

/// Removes a device of a customer's subscription.
struct RemoveSubscriptionDevice: AdminOperation {
  static let permission = Permission("telecom.subscription.remove_device", .support)

  let subscription: Subscription.ID
  let hwid: String

  init(subscription: Subscription.ID, hwid: String) throws(InvalidInput) {
    try SubscriptionDevice.requireWellFormed(hwid)
    self.subscription = subscription
    self.hwid = hwid
  }

  var target: AuditTarget { AuditTarget("subscription", subscription.description) }
  var detail: String { "remove device \(hwid)" }

  func perform(in telecom: InTransaction<Telecom>, as admin: Authorized<Self>) async throws {
    try await telecom.process(ForgetDevice(subscription: subscription, hwid: hwid))
  }
}
