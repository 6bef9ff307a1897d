import Contracts
import Platform

/// What a subscription used by the hour or day, for operators, the newest first.
struct ListSubscriptionUsage: AdminOperation {
  static let permission = Permission("telecom.usage.list", .support)

  let usage: ListUsage

  var target: AuditTarget { AuditTarget("subscription", usage.subscription.description) }

  func perform(
    in telecom: Telecom,
    as admin: Authorized<Self>
  ) async throws -> Page<UsageHours.ListOfSubscription.Row> {
    try await telecom.process(usage)
  }
}
