import Platform

/// Takes one node client out of customers' documents, or puts it back. Its server keeps serving
/// those who already have the document.
struct SetNodeClientMaintenance: AdminOperation {
  static let permission = Permission("telecom.node_client.set_maintenance", .moderators)

  let id: NodeClient.ID
  let inMaintenance: Bool

  var target: AuditTarget { AuditTarget("node_client", id.description) }
  var detail: String { inMaintenance ? "begin" : "end" }

  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> NodeClient {
    guard try await telecom.process(NodeClient.Lock(id: id)) != nil else {
      throw NotFound("nodeClient")
    }
    let changed = try await telecom.process(
      NodeClient.SetMaintenance(inMaintenance: inMaintenance, now: telecom.clock.now, id: id)
    )
    guard let row = try await telecom.process(NodeClient.Find(id: id)) else {
      throw NotFound("nodeClient")
    }
    if changed > 0 { try await telecom.bump(Set(row.groupIDs)) }
    return NodeClient(row)
  }
}
