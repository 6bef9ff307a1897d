import AgentProtocols
import Contracts
import FoundationEssentials
import HTTPTypes
import Platform
import Redis
import Testing
import WorldKit

@testable import Telecom

@Suite struct NodeServerStatesTests {
  private func states(_ routes: RouterClient, size: Int = 0, token: String = "") async throws
    -> Page<NodeServerState>
  {
    let list = ListNodeServerStates(page: try PageRequest(size: size, token: token))
    return try await routes.telecom.telecom.process(list, as: routes.telecom.admin)
  }

  private func state(_ routes: RouterClient) async throws -> NodeServerState {
    try #require(try await states(routes).items.first)
  }

  @Test(arguments: [(60 as Int32, 60 as Int32, 210), (5, 5, 210), (60, 300, 930), (600, 10, 1_830)])
  func `an agent is silent after three lost calls, and not within three minutes`(
    pull: Int32,
    push: Int32,
    longest: Int
  ) {
    let seen = World.noon
    func condition(pulled: Instant?, pushed: Instant?, after: Duration) -> NodeServerState.Condition
    {
      NodeCalls(lastPulledAt: pulled, lastPushedAt: pushed, pullInterval: pull, pushInterval: push)
        .condition(at: seen + after)
    }
    #expect(condition(pulled: nil, pushed: nil, after: .zero) == .neverSeen)
    #expect(condition(pulled: seen, pushed: nil, after: .seconds(longest)) == .online)
    #expect(condition(pulled: nil, pushed: seen, after: .seconds(longest)) == .online)
    #expect(
      condition(pulled: seen, pushed: seen, after: .seconds(longest) + .microseconds(1)) == .silent
    )
    // The later call counts.
    #expect(
      condition(pulled: seen - .seconds(10_000), pushed: seen, after: .seconds(longest)) == .online
    )
    #expect(
      condition(pulled: seen, pushed: seen - .seconds(10_000), after: .seconds(longest)) == .online
    )
  }

  @Test func `a server is never seen, online, silent and online again, and its clients with it`()
    async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let relay = try NodeClient.Spec(
        server: telecom.server.server.id,
        name: "Relay",
        host: "relay.example.com",
        relay: true,
        sortOrder: 1,
        groups: []
      )
      let client = try await telecom.telecom.process(
        CreateNodeClient(spec: relay),
        as: telecom.admin
      )
      let new = try await state(routes)
      #expect(new.condition == .neverSeen && new.calls.lastSeenAt == nil)
      #expect(new.clients.map(\.name) == ["Oslo", "Relay"])
      #expect(new.clients.map(\.relay) == [false, true])
      #expect(new.clients.map(\.condition) == [.neverSeen, .neverSeen])

      _ = try await routes.agent("user")
      let online = try await state(routes)
      #expect(online.condition == .online && online.calls.lastPulledAt == telecom.now)
      #expect(online.clients.map(\.condition) == [.online, .online])

      _ = try await telecom.telecom.process(
        SetNodeClientMaintenance(id: client.id, inMaintenance: true),
        as: telecom.admin
      )
      telecom.world.clock.advance(by: .seconds(211))
      let silent = try await state(routes)
      #expect(silent.condition == .silent)
      #expect(silent.clients.map(\.condition) == [.silent, .maintenance])

      _ = try await telecom.telecom.process(
        SetNodeServerMaintenance(id: telecom.server.server.id, inMaintenance: true),
        as: telecom.admin
      )
      #expect(try await state(routes).condition == .maintenance)
      let off = try NodeServer.Spec.shadowsocks(enabled: false)
      _ = try await telecom.telecom.process(
        UpdateNodeServer(id: telecom.server.server.id, spec: off),
        as: telecom.admin
      )
      #expect(try await state(routes).condition == .disabled)
    }
  }

  @Test func `silence is announced once, and so is its end`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      func watch() async throws { try await telecom.telecom.process(NoteSilentServers()) }
      try await watch()
      _ = try await routes.agent("user")
      let seen = telecom.now
      telecom.world.clock.advance(by: .seconds(210))
      try await watch()
      #expect(try await telecom.world.published(NodeServerSilenced.self).isEmpty)

      telecom.world.clock.advance(by: .seconds(1))
      let errors = await race(8) { _ in try await telecom.telecom.process(NoteSilentServers()) }
        .failed
      #expect(errors.isEmpty)
      try await watch()
      let silent = try await telecom.world.published(NodeServerSilenced.self)
      #expect(
        silent.map(\.server) == [telecom.server.server.id] && silent.map(\.since) == [seen]
          && silent.map(\.name) == ["Oslo 1"]
      )
      #expect(try await telecom.world.published(NodeServerRecovered.self).isEmpty)

      _ = try await routes.push("{\"1001\":[1,1]}")
      for _ in 0..<2 { try await watch() }
      let back = try await telecom.world.published(NodeServerRecovered.self)
      #expect(back.map(\.silentSince) == [seen] && back.map(\.at) == [telecom.now])

      // Silent anew.
      telecom.world.clock.advance(by: .seconds(500))
      try await watch()
      #expect(try await telecom.world.published(NodeServerSilenced.self).count == 2)
    }
  }

  @Test(arguments: [NodeServerRecovered.Reason.disabled, .deleted])
  func `a silence ends when the server is not to be served any more`(
    _ reason: NodeServerRecovered.Reason
  ) async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let id = telecom.server.server.id
      _ = try await routes.agent("user")
      let seen = telecom.now
      telecom.world.clock.advance(by: .seconds(1_000))
      try await telecom.telecom.process(NoteSilentServers())
      if reason == .disabled {
        for _ in 0..<2 {
          _ = try await telecom.telecom.process(
            UpdateNodeServer(id: id, spec: try .shadowsocks(enabled: false)),
            as: telecom.admin
          )
        }
      } else {
        try await telecom.world.execute("DELETE FROM telecom.node_client_groups")
        try await telecom.world.execute("DELETE FROM telecom.node_clients")
        try await telecom.telecom.process(DeleteNodeServer(id: id), as: telecom.admin)
      }
      try await telecom.telecom.process(NoteSilentServers())
      let ends = try await telecom.world.published(NodeServerRecovered.self)
      #expect(
        ends.map(\.reason) == [reason] && ends.map(\.silentSince) == [seen]
          && ends.map(\.at) == [telecom.now]
      )
    }
  }

  @Test func `a server in maintenance falls silent unannounced, until that is over`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let id = telecom.server.server.id
      _ = try await routes.agent("user")
      _ = try await telecom.telecom.process(
        SetNodeServerMaintenance(id: id, inMaintenance: true),
        as: telecom.admin
      )
      telecom.world.clock.advance(by: .seconds(1_000))
      try await telecom.telecom.process(NoteSilentServers())
      #expect(try await telecom.world.published(NodeServerSilenced.self).isEmpty)
      _ = try await telecom.telecom.process(
        SetNodeServerMaintenance(id: id, inMaintenance: false),
        as: telecom.admin
      )
      try await telecom.telecom.process(NoteSilentServers())
      #expect(try await telecom.world.published(NodeServerSilenced.self).count == 1)
    }
  }

  @Test func `throughput is what was reported lately, over its time`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      #expect(try await state(routes).throughput == nil)
      _ = try await routes.push(#"{"1001":[300000,3000000],"1002":[0,3000000]}"#)
      telecom.world.clock.advance(by: .seconds(60))
      _ = try await routes.push(#"{"1003":[300000,1]}"#)
      #expect(
        try await state(routes).throughput == .init(upload: 2_000, download: 20_000, users: 1)
      )
      telecom.world.clock.advance(by: .seconds(240))
      #expect(try await state(routes).throughput == .init(upload: 1_000, download: 0, users: 1))
      telecom.world.clock.advance(by: .seconds(60))
      #expect(try await state(routes).throughput == nil)
      // What nobody can carry is no reason to fail.
      _ = try await routes.push(
        "{\"1003\":[\(Int64.max),\(Int64.max)],\"1004\":[\(Int64.max),\(Int64.max)]}"
      )
      #expect(try await state(routes).throughput?.users == 2)
    }
  }

  @Test func `who is online and how the machine does is as the agent said`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let alive = #"{"1001":["203.0.113.1","203.0.113.2"],"1002":["203.0.113.1"],"1003":[]}"#
      #expect(try await routes.agent("alive", method: .post, body: alive).status == 200)
      let status =
        #"{"cpu":12.5,"mem":{"total":8,"used":4},"swap":{"total":2,"used":0},"disk":{"total":100,"used":1}}"#
      #expect(try await routes.agent("status", method: .post, body: status).status == 200)
      let now = try await state(routes)
      #expect(
        now.online?.users == 2 && now.online?.addresses == 2 && now.lastAliveAt == telecom.now
      )
      #expect(
        now.status?.status.cpu == 12.5 && now.status?.at == telecom.now
          && now.status?.metrics == nil
      )

      telecom.world.clock.advance(by: .seconds(120))
      let later = try await state(routes)
      #expect(later.online == nil && later.lastAliveAt == telecom.now - .seconds(120))
      // How the machine was is kept.
      #expect(later.status?.status.disk.used == 1)
    }
  }

  @Test func `Xboard-Node's metrics are read as far as they fit`() async throws {
    try await withRoutes { routes in
      let token = routes.telecom.server.token.text
      let status =
        #"{"cpu":1,"mem":{"total":8,"used":4},"swap":{"total":2,"used":0},"disk":{"total":100,"used":1}}"#
      let metrics =
        #"{"uptime":12.9,"load":[0.5,0.25,0.125,9],"active_connections":"many","gc":{}}"#
      let body =
        "{\"token\":\"\(token)\",\"node_id\":\(routes.telecom.server.server.id),\"status\":\(status),\"metrics\":\(metrics)}"
      #expect(
        try await routes.send("/api/v2/server/report", method: .post, body: Array(body.utf8)).status
          == 200
      )
      let known = try await state(routes).status?.metrics
      #expect(
        known?.uptime == 12 && known?.load == [0.5, 0.25, 0.125] && known?.activeConnections == nil
      )
    }
  }

  @Test func `states come in pages, and one alone by its id`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      for name in ["2", "3"] {
        _ = try await telecom.telecom.process(
          CreateNodeServer(spec: try .shadowsocks(name: name)),
          as: telecom.admin
        )
      }
      let first = try await states(routes, size: 2)
      let second = try await states(routes, size: 2, token: first.nextToken)
      #expect(
        first.items.map(\.name) == ["Oslo 1", "2"] && second.items.map(\.name) == ["3"]
          && second.nextToken.isEmpty
      )
      let one = GetNodeServerState(server: second.items[0].server)
      #expect(try await telecom.telecom.process(one, as: telecom.admin).name == "3")
      await #expect(throws: NotFound("nodeServer")) {
        try await telecom.telecom.process(GetNodeServerState(server: 99), as: telecom.admin)
      }
    }
  }

  @Test func `without Redis the rest is still known`() async throws {
    try await withRoutes { routes in
      _ = try await routes.agent("user")
      await routes.redis.close()
      let known = try await state(routes)
      #expect(known.condition == .online && known.status == nil && known.online == nil)
    }
  }
}
