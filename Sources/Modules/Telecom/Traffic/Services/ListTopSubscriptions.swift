import Platform

/// The subscriptions with the most billed traffic.
struct ListTopSubscriptions: AdminOperation {
  static let permission = Permission("telecom.usage.list", .support)

  let time: UsageTime.Bounds
  let limit: TopLimit

  var target: AuditTarget { AuditTarget("usage", "subscriptions") }

  func perform(
    in telecom: Telecom,
    as admin: Authorized<Self>
  ) async throws -> [UsageHours.TopSubscriptions.Row] {
    let time = try time.resolved(at: telecom.clock.now)
    return try await telecom.process(
      UsageHours.TopSubscriptions(since: time.start, before: time.end, rowLimit: limit.count)
    )
  }
}
