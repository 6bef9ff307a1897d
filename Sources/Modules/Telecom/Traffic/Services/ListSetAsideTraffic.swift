import Platform

/// Rows of reports that were not billed, the newest first.
struct ListSetAsideTraffic: AdminOperation {
  static let permission = Permission("telecom.usage.list", .support)

  /// Nil: of every node.
  let node: NodeServer.ID?
  let page: PageRequest

  var target: AuditTarget { AuditTarget("traffic_set_aside", node.map(String.init) ?? "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<
    TrafficSetAside.List.Row
  > {
    let rows = try await telecom.process(
      TrafficSetAside.List(
        before: try page.cursor() ?? .last,
        nodeID: node,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows, page) { $0.id }
  }
}
