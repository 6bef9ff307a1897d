import Contracts
import Platform

/// Removes a device of one of an account's subscriptions.
struct RemoveDevice: CustomerOperation {
  let subscription: Subscription.ID
  let account: Account.ID
  let hwid: String

  init(subscription: Subscription.ID, account: Account.ID, hwid: String) throws(InvalidInput) {
    try SubscriptionDevice.requireWellFormed(hwid)
    self.subscription = subscription
    self.account = account
    self.hwid = hwid
  }

  func perform(in telecom: Telecom) async throws {
    guard let row = try await telecom.process(SubscriptionDevice.FindLimit(id: subscription)),
      row.accountID == account
    else {
      throw NotFound("subscription")
    }
    try await telecom.process(ForgetDevice(subscription: subscription, hwid: hwid))
  }
}
