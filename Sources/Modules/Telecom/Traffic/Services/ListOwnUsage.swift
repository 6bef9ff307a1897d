import Contracts
import Platform

/// What one of the calling account's subscriptions used by the hour or day, the newest first.
struct ListOwnUsage: CustomerOperation {
  let usage: ListUsage
  let account: Account.ID

  func perform(in telecom: Telecom) async throws -> Page<UsageHours.ListOfSubscription.Row> {
    _ = try await telecom.process(GetSubscription(id: usage.subscription, account: account))
    return try await telecom.process(usage)
  }
}
