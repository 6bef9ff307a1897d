import AgentProtocols
import Platform
import Postgres

/// A node server with its token, of which only a hash is kept.
struct IssuedNodeServer: Sendable {
  let server: NodeServer
  let token: NodeToken
}

/// Makes a node server. Keys that its settings leave empty are made too.
struct CreateNodeServer: AdminOperation {
  static let permission = Permission("telecom.node_server.create", .moderators)
  static let repeats = Repeats.firstAnswer

  let spec: NodeServer.Spec
  /// What the settings decide.
  let omissions: NodeServer.Spec.Omissions

  init(spec: NodeServer.Spec, omissions: NodeServer.Spec.Omissions = []) {
    self.spec = spec
    self.omissions = omissions
  }

  var target: AuditTarget { AuditTarget("node_server", spec.name) }

  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> IssuedNodeServer {
    let spec = spec.filled(omissions, from: telecom.settings())
    try await telecom.requireTimeZone(of: spec.factorSchedule)
    let settings = spec.settings.completed(from: nil, using: telecom.ids)
    let token = NodeToken(using: telecom.ids)
    let now = telecom.clock.now
    let id = try await telecom.process(
      NodeServer.Insert(
        name: spec.name,
        protocol: settings.protocolName.rawValue,
        settings: settings,
        routes: spec.routes,
        factorThousandths: spec.factorThousandths,
        factorSchedule: spec.factorSchedule,
        pushInterval: spec.pushInterval,
        pullInterval: spec.pullInterval,
        tokenHash: token.hash,
        enabled: spec.enabled,
        createdAt: now
      )
    )
    guard let row = try await telecom.process(NodeServer.Find(now: now, id: id)) else {
      throw NotFound("nodeServer")
    }
    return IssuedNodeServer(server: NodeServer(row), token: token)
  }
}

extension InTransaction<Telecom> {
  /// Throws where the database's clocks lack the time zone: reports would fail then.
  func requireTimeZone(of schedule: FactorSchedule?) async throws {
    guard let schedule, try await !process(TimeZoneName.IsInDatabase(name: schedule.timeZone))
    else { return }
    throw InvalidInput("spec.factor_time_zone", "is not known to the database")
  }
}
