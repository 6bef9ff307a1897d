import Platform

/// Replaces what a node client is.
struct UpdateNodeClient: AdminOperation {
  static let permission = Permission("telecom.node_client.update", .moderators)

  let id: NodeClient.ID
  let spec: NodeClient.Spec

  var target: AuditTarget { AuditTarget("node_client", id.description) }

  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> NodeClient {
    guard let row = try await telecom.process(NodeClient.Lock(id: id)) else {
      throw NotFound("nodeClient")
    }
    let spec = try await telecom.placed(spec)
    let oldGroups = try await telecom.process(NodeClient.ListGroups(clientID: id))
    try await telecom.process(
      NodeClient.RememberGroupServers(removedAt: telecom.clock.now, clientID: id)
    )
    try await telecom.process(
      NodeClient.Update(
        serverID: spec.server,
        name: spec.name,
        host: spec.host,
        port: spec.port,
        relay: spec.relay,
        front: spec.front,
        region: spec.region,
        tags: spec.tags,
        sortOrder: spec.sortOrder,
        enabled: spec.enabled,
        id: id
      )
    )
    try await telecom.process(NodeClient.LeaveOtherGroups(clientID: id, groupIDs: spec.groups))
    try await telecom.process(NodeClient.JoinGroups(clientID: id, groupIDs: spec.groups))
    try await telecom.bump(Set(oldGroups + spec.groups))
    return NodeClient(
      id: id,
      spec: spec,
      maintenanceSince: row.maintenanceSince,
      createdAt: row.createdAt
    )
  }
}
