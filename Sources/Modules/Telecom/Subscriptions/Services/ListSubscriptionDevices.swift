import Contracts
import Platform

/// What an operator sees of a subscription's devices.
struct ListSubscriptionDevices: AdminOperation {
  static let permission = Permission("telecom.subscription.list_devices", .support)

  let subscription: Subscription.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("subscription", subscription.description) }

  func perform(
    in telecom: Telecom,
    as admin: Authorized<Self>
  ) async throws -> SubscriptionDevices {
    guard let row = try await telecom.process(SubscriptionDevice.FindLimit(id: subscription)) else {
      throw NotFound("subscription")
    }
    return try await telecom.devices(of: subscription, row, page)
  }
}
