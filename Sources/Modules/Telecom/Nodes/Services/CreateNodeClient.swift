import AgentProtocols
import FieldViolations
import Platform

/// Makes a node client.
struct CreateNodeClient: AdminOperation {
  static let permission = Permission("telecom.node_client.create", .moderators)
  static let repeats = Repeats.firstAnswer

  let spec: NodeClient.Spec

  init(spec: NodeClient.Spec) {
    self.spec = spec
  }

  var target: AuditTarget { AuditTarget("node_client", spec.name) }

  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> NodeClient {
    let spec = try await telecom.placed(spec)
    let client = NodeClient(id: telecom.ids.next(), spec: spec, createdAt: telecom.clock.now)
    try await telecom.process(
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
    try await telecom.process(NodeClient.JoinGroups(clientID: client.id, groupIDs: spec.groups))
    try await telecom.bump(Set(spec.groups))
    return client
  }
}

extension InTransaction<Telecom> {
  /// The same with the port filled in. Throws unless its server and groups exist, and its front
  /// fits the server.
  ///
  /// The server stays locked, so that a change of it sees this client's groups or is seen by them.
  func placed(_ spec: NodeClient.Spec) async throws -> NodeClient.Spec {
    guard let row = try await process(NodeServer.Lock(now: module.clock.now, id: spec.server))
    else {
      throw InvalidInput("spec.server_id", "there is no node server \(spec.server)")
    }
    let settings = NodeServer(row).spec.settings
    let misfits = spec.front?.misfits(settings) ?? []
    guard misfits.isEmpty else {
      throw InvalidInput(misfits.inside("spec.front"))
    }
    try await requireNodeGroups(spec.groups, field: "spec.group_ids")
    return spec.at(Int32(settings.inbound.listener.port))
  }
}
