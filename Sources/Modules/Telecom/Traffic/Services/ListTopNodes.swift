import Platform

/// The nodes with the most traffic.
struct ListTopNodes: AdminOperation {
  static let permission = Permission("telecom.usage.list", .support)

  let time: UsageTime.Bounds
  let limit: TopLimit

  var target: AuditTarget { AuditTarget("usage", "nodes") }

  func perform(
    in telecom: Telecom,
    as admin: Authorized<Self>
  ) async throws -> [UsageHours.TopNodes.Row] {
    let time = try time.resolved(at: telecom.clock.now)
    return try await telecom.process(
      UsageHours.TopNodes(since: time.start, before: time.end, rowLimit: limit.count)
    )
  }
}
