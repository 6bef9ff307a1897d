import Logging
import Platform
import Redis

/// The states of node servers, oldest first. Without Redis, their machines and who is online are
/// unknown.
struct ListNodeServerStates: AdminOperation {
  static let permission = Permission("telecom.node_server.watch")

  /// Nil: all.
  let server: NodeServer.ID?
  let page: PageRequest
  let conditions: NodeConditions

  var target: AuditTarget { AuditTarget("node_server", server.map(String.init) ?? "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<
    NodeServerState
  > {
    let rows = try await telecom.database.process(
      NodeServerState.List(
        after: try page.cursor() ?? 0,
        ofServer: server,
        rowLimit: Int32(page.size + 1)
      )
    )
    let shown = try Page(rows, page) { $0.id }
    let ids = shown.items.map(\.id)
    let now = telecom.clock.now
    let clients = Dictionary(
      grouping: try await telecom.database.process(NodeServerState.ListClients(serverIDs: ids)),
      by: \.serverID
    )
    let traffic = try await telecom.database.process(
      NodeServerState.MeasureTraffic(
        serverIDs: ids,
        since: shown.items.map { now - $0.calls.throughputWindow }
      )
    )
    let carried = Dictionary(uniqueKeysWithValues: traffic.map { ($0.nodeID, $0) })
    let known = await latest(of: ids)
    return shown.map { row in
      NodeServerState(
        row,
        clients: clients[row.id] ?? [],
        carried: carried[row.id],
        status: known[row.id]?.status,
        alive: known[row.id]?.alive,
        now: now
      )
    }
  }

  private func latest(of ids: [NodeServer.ID]) async -> [NodeServer.ID: (
    status: NodeConditions.Status?, alive: NodeConditions.Alive?
  )] {
    do {
      return try await conditions.latest(of: ids)
    } catch {
      Telemetry.logger.warning(
        "states of nodes could not be read",
        metadata: [LogKey.error: "\(error)"]
      )
      return [:]
    }
  }
}

extension NodeServerState.List.Row {
  fileprivate var calls: NodeCalls {
    NodeCalls(
      lastPulledAt: lastPulledAt,
      lastPushedAt: lastPushedAt,
      pullInterval: pullInterval,
      pushInterval: pushInterval
    )
  }
}

extension NodeServerState {
  fileprivate init(
    _ row: NodeServerState.List.Row,
    clients: [NodeServerState.ListClients.Row],
    carried: NodeServerState.MeasureTraffic.Row?,
    status: NodeConditions.Status?,
    alive: NodeConditions.Alive?,
    now: Instant
  ) {
    let calls = row.calls
    let condition = Condition(
      enabled: row.enabled,
      inMaintenance: row.maintenanceSince != nil,
      calls: calls.condition(at: now)
    )
    self.init(
      server: row.id,
      name: row.name,
      condition: condition,
      calls: calls,
      maintenanceSince: row.maintenanceSince,
      lastAliveAt: alive?.at,
      online: alive.flatMap {
        now - $0.at < NodeDevices.lifetime(pushInterval: row.pushInterval) ? $0 : nil
      },
      status: status,
      throughput: carried.map { carried in
        let seconds = calls.throughputWindow.components.seconds
        return Throughput(
          upload: carried.upload / seconds,
          download: carried.download / seconds,
          users: carried.users
        )
      },
      clients: clients.map { client in
        ClientState(
          client: client.id,
          name: client.name,
          host: client.host,
          port: client.port,
          relay: client.relay,
          condition: Condition(
            enabled: client.enabled,
            inMaintenance: client.maintenanceSince != nil,
            calls: condition
          )
        )
      }
    )
  }
}
