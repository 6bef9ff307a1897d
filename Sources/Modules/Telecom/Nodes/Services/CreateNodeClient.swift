import AgentProtocols
package import Platform

/// Makes a node client.
package struct CreateNodeClient: AdminOperation {
  package static let permission = Permission("telecom.node_client.create")

  let spec: NodeClient.Spec

  package init(spec: NodeClient.Spec) {
    self.spec = spec
  }

  package var target: AuditTarget { AuditTarget("node_client", spec.name) }

  package func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> NodeClient {
    let key = try idempotencyKey(of: admin)
    return try await telecom.transaction { telecom, transaction in
      try await transaction.idempotently(key, request: spec, at: telecom.clock.now) {
        let spec = try await spec.placed(in: transaction, at: telecom.clock.now)
        let client = NodeClient(id: telecom.ids.next(), spec: spec, createdAt: telecom.clock.now)
        try await transaction.process(
          NodeClient.Insert(
            id: client.id,
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
            createdAt: client.createdAt
          )
        )
        try await transaction.process(
          NodeClient.JoinGroups(clientID: client.id, groupIDs: spec.groups)
        )
        try await transaction.bump(Set(spec.groups))
        return client
      }
    }
  }
}

/// Replaces what a node client is.
struct UpdateNodeClient: AdminOperation {
  static let permission = Permission("telecom.node_client.update")

  let id: NodeClient.ID
  let spec: NodeClient.Spec

  var target: AuditTarget { AuditTarget("node_client", id.description) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> NodeClient {
    try await telecom.transaction { telecom, transaction in
      guard let row = try await transaction.process(NodeClient.Lock(id: id)) else {
        throw NotFound("nodeClient")
      }
      let spec = try await spec.placed(in: transaction, at: telecom.clock.now)
      let oldGroups = try await transaction.process(NodeClient.ListGroups(clientID: id))
      try await transaction.process(
        NodeClient.RememberGroupServers(removedAt: telecom.clock.now, clientID: id)
      )
      try await transaction.process(
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
      try await transaction.process(
        NodeClient.LeaveOtherGroups(clientID: id, groupIDs: spec.groups)
      )
      try await transaction.process(NodeClient.JoinGroups(clientID: id, groupIDs: spec.groups))
      try await transaction.bump(Set(oldGroups + spec.groups))
      return NodeClient(
        id: id,
        spec: spec,
        maintenanceSince: row.maintenanceSince,
        createdAt: row.createdAt
      )
    }
  }
}

/// Removes a node client.
struct DeleteNodeClient: AdminOperation {
  static let permission = Permission("telecom.node_client.delete")

  let id: NodeClient.ID

  var target: AuditTarget { AuditTarget("node_client", id.description) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws {
    try await telecom.transaction { telecom, transaction in
      guard try await transaction.process(NodeClient.Lock(id: id)) != nil else {
        throw NotFound("nodeClient")
      }
      try await transaction.process(
        NodeClient.RememberGroupServers(removedAt: telecom.clock.now, clientID: id)
      )
      let groups = try await transaction.process(NodeClient.ListGroups(clientID: id))
      try await transaction.process(NodeClient.Delete(id: id))
      try await transaction.bump(Set(groups))
    }
  }
}

/// The node clients, the oldest first.
struct ListNodeClients: AdminOperation {
  static let permission = Permission("telecom.node_client.list")

  /// Nil: of every server.
  let server: NodeServer.ID?
  let page: PageRequest

  var target: AuditTarget { AuditTarget("node_client", "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<NodeClient> {
    let rows = try await telecom.database.process(
      NodeClient.List(
        after: try page.cursor() ?? .first,
        ofServer: server,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(NodeClient.init), page) { $0.id }
  }
}

extension NodeClient.Spec {
  /// The same with the port filled in. Throws unless its server and groups exist, and its front
  /// fits the server.
  ///
  /// The server stays locked, so that a change of it sees this client's groups or is seen by them.
  fileprivate func placed(in transaction: Transaction, at now: Instant) async throws
    -> NodeClient.Spec
  {
    guard let row = try await transaction.process(NodeServer.Lock(now: now, id: server)) else {
      throw InvalidInput("spec.server_id", "there is no node server \(server)")
    }
    let settings = NodeServer(row).spec.settings
    let misfits = front?.misfits(settings) ?? []
    guard misfits.isEmpty else {
      throw InvalidInput(
        misfits.map { .init(field: "spec.front.\($0.field)", description: $0.reason) }
      )
    }
    try await transaction.requireNodeGroups(groups, field: "spec.group_ids")
    return at(Int32(settings.inbound.listener.port))
  }
}
