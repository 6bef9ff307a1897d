import Platform

/// Removes a node client.
struct DeleteNodeClient: AdminOperation {
  static let permission = Permission("telecom.node_client.delete", .moderators)

  let id: NodeClient.ID

  var target: AuditTarget { AuditTarget("node_client", id.description) }

  func perform(in telecom: InTransaction<Telecom>, as admin: Authorized<Self>) async throws {
    guard try await telecom.process(NodeClient.Lock(id: id)) != nil else {
      throw NotFound("nodeClient")
    }
    try await telecom.process(
      NodeClient.RememberGroupServers(removedAt: telecom.clock.now, clientID: id)
    )
    let groups = try await telecom.process(NodeClient.ListGroups(clientID: id))
    try await telecom.process(NodeClient.Delete(id: id))
    try await telecom.bump(Set(groups))
  }
}
