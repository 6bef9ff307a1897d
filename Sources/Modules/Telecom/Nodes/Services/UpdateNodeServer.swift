import AgentProtocols
import Contracts
import Platform
import Postgres

/// Replaces what a node server is. Keys that the new settings leave empty stay where they fit.
struct UpdateNodeServer: AdminOperation {
  static let permission = Permission("telecom.node_server.update", .moderators)

  let id: NodeServer.ID
  let spec: NodeServer.Spec
  /// What the settings decide.
  var omissions: NodeServer.Spec.Omissions = []

  var target: AuditTarget { AuditTarget("node_server", String(id)) }

  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> NodeServer {
    let now = telecom.clock.now
    guard let row = try await telecom.process(NodeServer.Lock(now: now, id: id)) else {
      throw NotFound("nodeServer")
    }
    let old = NodeServer(row)
    let filled = spec.filled(omissions, from: telecom.settings())
    try await telecom.requireTimeZone(of: filled.factorSchedule)
    let spec = filled.with(
      filled.settings.completed(from: old.spec.settings, using: telecom.ids)
    )
    let version =
      spec.isToldApart(from: old.spec) || spec.enabled != old.spec.enabled
      ? old.version + 1 : old.version
    try await telecom.process(
      NodeServer.Update(
        name: spec.name,
        protocol: spec.settings.protocolName.rawValue,
        settings: spec.settings,
        routes: spec.routes,
        factorThousandths: spec.factorThousandths,
        factorSchedule: spec.factorSchedule,
        pushInterval: spec.pushInterval,
        pullInterval: spec.pullInterval,
        enabled: spec.enabled,
        version: version,
        id: id
      )
    )
    if !spec.enabled { try await telecom.publishEndOfSilence(of: row, at: now, .disabled) }
    guard let changed = try await telecom.process(NodeServer.Find(now: now, id: id)) else {
      throw NotFound("nodeServer")
    }
    if spec.isSeenApart(from: old.spec) {
      try await telecom.bump(Set(try await telecom.process(NodeServer.ListGroups(serverID: id))))
    }
    return NodeServer(changed)
  }
}
