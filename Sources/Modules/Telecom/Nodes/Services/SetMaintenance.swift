import Platform

/// Takes a node server's clients out of customers' documents, or puts them back. Its agent keeps
/// serving those who already have the document.
struct SetNodeServerMaintenance: AdminOperation {
  static let permission = Permission("telecom.node_server.set_maintenance")

  let id: NodeServer.ID
  let inMaintenance: Bool

  var target: AuditTarget { AuditTarget("node_server", String(id)) }
  var detail: String { inMaintenance ? "begin" : "end" }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> NodeServer {
    try await telecom.transaction { telecom, transaction in
      let now = telecom.clock.now
      guard try await transaction.process(NodeServer.Lock(now: now, id: id)) != nil else {
        throw NotFound("nodeServer")
      }
      let changed = try await transaction.process(
        NodeServer.SetMaintenance(inMaintenance: inMaintenance, now: now, id: id)
      )
      guard let row = try await transaction.process(NodeServer.Find(now: now, id: id)) else {
        throw NotFound("nodeServer")
      }
      if changed > 0 {
        try await transaction.bump(
          Set(try await transaction.process(NodeServer.ListGroups(serverID: id)))
        )
      }
      return NodeServer(row)
    }
  }
}

/// Takes one node client out of customers' documents, or puts it back. Its server keeps serving
/// those who already have the document.
struct SetNodeClientMaintenance: AdminOperation {
  static let permission = Permission("telecom.node_client.set_maintenance")

  let id: NodeClient.ID
  let inMaintenance: Bool

  var target: AuditTarget { AuditTarget("node_client", id.description) }
  var detail: String { inMaintenance ? "begin" : "end" }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> NodeClient {
    try await telecom.transaction { telecom, transaction in
      guard try await transaction.process(NodeClient.Lock(id: id)) != nil else {
        throw NotFound("nodeClient")
      }
      let changed = try await transaction.process(
        NodeClient.SetMaintenance(inMaintenance: inMaintenance, now: telecom.clock.now, id: id)
      )
      guard let row = try await transaction.process(NodeClient.Find(id: id)) else {
        throw NotFound("nodeClient")
      }
      if changed > 0 { try await transaction.bump(Set(row.groupIDs)) }
      return NodeClient(row)
    }
  }
}
