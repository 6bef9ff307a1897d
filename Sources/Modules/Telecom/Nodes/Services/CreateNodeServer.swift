import AgentProtocols
import Contracts
package import Platform
import Postgres

/// A node server with its token, which is only seen here.
package struct IssuedNodeServer: Sendable {
  package let server: NodeServer
  /// Nil if the call repeated an earlier one.
  package let token: NodeToken?
}

/// Makes a node server. Keys that its settings leave empty are made too.
package struct CreateNodeServer: AdminOperation {
  package static let permission = Permission("telecom.node_server.create")

  let spec: NodeServer.Spec

  package init(spec: NodeServer.Spec) {
    self.spec = spec
  }

  package var target: AuditTarget { AuditTarget("node_server", spec.name) }

  package func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws
    -> IssuedNodeServer
  {
    let key = try idempotencyKey(of: admin)
    return try await telecom.transaction { telecom, transaction in
      var token: NodeToken?
      let id = try await transaction.idempotently(key, request: spec, at: telecom.clock.now) {
        try await transaction.requireTimeZone(of: spec.factorSchedule)
        let settings = spec.settings.completed(from: nil, using: telecom.ids)
        let issued = NodeToken(using: telecom.ids)
        token = issued
        return try await transaction.process(
          NodeServer.Insert(
            name: spec.name,
            protocol: settings.protocolName.rawValue,
            settings: settings,
            routes: spec.routes,
            factorThousandths: spec.factorThousandths,
            factorSchedule: spec.factorSchedule,
            pushInterval: spec.pushInterval,
            pullInterval: spec.pullInterval,
            tokenHash: issued.hash,
            enabled: spec.enabled,
            createdAt: telecom.clock.now
          )
        )
      }
      guard
        let row = try await transaction.process(NodeServer.Find(now: telecom.clock.now, id: id))
      else { throw NotFound("nodeServer") }
      return IssuedNodeServer(server: NodeServer(row), token: token)
    }
  }
}

/// Replaces what a node server is. Keys that the new settings leave empty stay where they fit.
struct UpdateNodeServer: AdminOperation {
  static let permission = Permission("telecom.node_server.update")

  let id: NodeServer.ID
  let spec: NodeServer.Spec

  var target: AuditTarget { AuditTarget("node_server", String(id)) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> NodeServer {
    try await telecom.transaction { telecom, transaction in
      guard let row = try await transaction.process(NodeServer.Lock(now: telecom.clock.now, id: id))
      else { throw NotFound("nodeServer") }
      try await transaction.requireTimeZone(of: spec.factorSchedule)
      let old = NodeServer(row)
      let spec = spec.with(spec.settings.completed(from: old.spec.settings, using: telecom.ids))
      let version =
        spec.isToldApart(from: old.spec) || spec.enabled != old.spec.enabled
        ? old.version + 1 : old.version
      try await transaction.process(
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
      if !spec.enabled {
        try await transaction.publishEndOfSilence(of: row, at: telecom.clock.now, .disabled)
      }
      guard
        let changed = try await transaction.process(
          NodeServer.Find(now: telecom.clock.now, id: id)
        )
      else {
        throw NotFound("nodeServer")
      }
      if spec.isSeenApart(from: old.spec) {
        try await transaction.bump(
          Set(try await transaction.process(NodeServer.ListGroups(serverID: id)))
        )
      }
      return NodeServer(changed)
    }
  }
}

/// Gives a node server a new token and returns it, which is kept only as a hash.
struct RotateNodeServerToken: AdminOperation {
  static let permission = Permission("telecom.node_server.rotate_token")

  let id: NodeServer.ID

  var target: AuditTarget { AuditTarget("node_server", String(id)) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> NodeToken {
    let token = NodeToken(using: telecom.ids)
    guard
      try await telecom.database.process(NodeServer.ReplaceToken(tokenHash: token.hash, id: id))
        == 1
    else {
      throw NotFound("nodeServer")
    }
    return token
  }
}

/// One node server.
struct GetNodeServer: AdminOperation {
  static let permission = Permission("telecom.node_server.list")

  let id: NodeServer.ID

  var target: AuditTarget { AuditTarget("node_server", String(id)) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> NodeServer {
    guard
      let row = try await telecom.database.process(NodeServer.Find(now: telecom.clock.now, id: id))
    else {
      throw NotFound("nodeServer")
    }
    return NodeServer(row)
  }
}

/// The node servers, the oldest first.
struct ListNodeServers: AdminOperation {
  static let permission = Permission("telecom.node_server.list")

  let page: PageRequest

  var target: AuditTarget { AuditTarget("node_server", "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<NodeServer> {
    let rows = try await telecom.database.process(
      NodeServer.List(
        now: telecom.clock.now,
        after: try page.cursor() ?? 0,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(NodeServer.init), page) { $0.id }
  }
}

extension Transaction {
  /// Throws where the database's clocks lack the time zone: reports would fail then.
  fileprivate func requireTimeZone(of schedule: FactorSchedule?) async throws {
    guard let schedule, try await !process(TimeZoneName.IsInDatabase(name: schedule.timeZone))
    else { return }
    throw InvalidInput("spec.factor_time_zone", "is not known to the database")
  }
}
