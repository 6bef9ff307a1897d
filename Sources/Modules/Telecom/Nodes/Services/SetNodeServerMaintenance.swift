import Platform

/// Takes a node server's clients out of customers' documents, or puts them back. Its agent keeps
/// serving those who already have the document.
struct SetNodeServerMaintenance: AdminOperation {
  static let permission = Permission("telecom.node_server.set_maintenance", .moderators)

  let id: NodeServer.ID
  let inMaintenance: Bool

  var target: AuditTarget { AuditTarget("node_server", String(id)) }
  var detail: String { inMaintenance ? "begin" : "end" }

  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> NodeServer {
    let now = telecom.clock.now
    guard try await telecom.process(NodeServer.Lock(now: now, id: id)) != nil else {
      throw NotFound("nodeServer")
    }
    let changed = try await telecom.process(
      NodeServer.SetMaintenance(inMaintenance: inMaintenance, now: now, id: id)
    )
    guard let row = try await telecom.process(NodeServer.Find(now: now, id: id)) else {
      throw NotFound("nodeServer")
    }
    if changed > 0 {
      try await telecom.bump(Set(try await telecom.process(NodeServer.ListGroups(serverID: id))))
    }
    return NodeServer(row)
  }
}
