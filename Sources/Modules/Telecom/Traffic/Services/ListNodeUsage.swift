import Platform

/// What was used on a node by the hour or day, the newest first.
struct ListNodeUsage: AdminOperation {
  static let permission = Permission("telecom.usage.list", .support)

  let node: NodeServer.ID
  let time: UsageTime.Bounds
  let bucket: UsageBucket
  let page: PageRequest

  var target: AuditTarget { AuditTarget("node_server", String(node)) }

  func perform(
    in telecom: Telecom,
    as admin: Authorized<Self>
  ) async throws -> Page<UsageHours.ListOfNode.Row> {
    let time = try time.resolved(at: telecom.clock.now)
    let rows = try await telecom.process(
      UsageHours.ListOfNode(
        bucket: bucket.rawValue,
        timeZone: telecom.settings().timeZone,
        nodeID: node,
        since: time.start,
        before: min(time.end, try page.cursor() ?? time.end),
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows, page) { $0.start }
  }
}
