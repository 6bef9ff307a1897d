import Logging
import Platform

/// The states of node servers, oldest first. Without Redis, their machines and who is online are
/// unknown.
struct ListNodeServerStates: AdminOperation {
  static let permission = Permission("telecom.node_server.watch", .support)

  let page: PageRequest

  var target: AuditTarget { AuditTarget("node_server", "") }

  func perform(
    in telecom: Telecom,
    as admin: Authorized<Self>
  ) async throws -> Page<NodeServerState> {
    let rows = try await telecom.process(
      NodeServerState.List(
        after: try page.cursor() ?? 0,
        ofServer: nil,
        rowLimit: Int32(page.size + 1)
      )
    )
    let shown = try Page(rows, page) { $0.id }
    let states = try await telecom.states(of: shown.items)
    return Page(items: states, nextToken: shown.nextToken)
  }
}

extension Telecom {
  /// What is known of the servers besides their rows, in the order of `rows`.
  func states(of rows: [NodeServerState.List.Row]) async throws -> [NodeServerState] {
    let ids = rows.map(\.id)
    let now = clock.now
    let clients = Dictionary(
      grouping: try await process(NodeServerState.ListClients(serverIDs: ids)),
      by: \.serverID
    )
    let traffic = try await process(
      NodeServerState.MeasureTraffic(
        serverIDs: ids,
        since: rows.map { now - $0.calls.throughputWindow }
      )
    )
    let carried = Dictionary(uniqueKeysWithValues: traffic.map { ($0.nodeID, $0) })
    let known = await latestConditions(of: ids)
    return rows.map { row in
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

  private func latestConditions(of ids: [NodeServer.ID]) async -> [NodeServer.ID: (
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
