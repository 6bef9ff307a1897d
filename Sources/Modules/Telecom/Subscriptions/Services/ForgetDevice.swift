import Contracts
import Platform

/// Removes a device of a subscription, whosever it is.
struct ForgetDevice: Operation {
  let subscription: Subscription.ID
  let hwid: String

  func perform(in telecom: Telecom) async throws {
    let removed = try await telecom.process(
      SubscriptionDevice.Delete(subscriptionID: subscription, hwid: hwid)
    )
    guard removed == 1 else { throw NotFound("subscriptionDevice") }
  }
}
