import AgentProtocols
import Contracts
import FieldViolations
import Platform
import Postgres
import SubscriptionFormats
import Testing
import WorldKit

@testable import Telecom

@Suite struct NodesTests {
  @Test func `a server's token finds it, until it is rotated`() async throws {
    try await withTelecom { telecom in
      let token = telecom.server.token
      func owner(_ token: NodeToken) async throws -> NodeServer.ID? {
        try await telecom.telecom.process(NodeServer.FindByToken(tokenHash: token.hash))
      }
      #expect(try await owner(token) == telecom.server.server.id)
      let new = try await telecom.telecom.process(
        RotateNodeServerToken(id: telecom.server.server.id),
        as: telecom.admin
      )
      #expect(try await owner(token) == nil)
      #expect(try await owner(new) == telecom.server.server.id)
      await #expect(throws: NotFound("nodeServer")) {
        try await telecom.telecom.process(RotateNodeServerToken(id: 99), as: telecom.admin)
      }
    }
  }

  @Test
  func `an update keeps keys that it leaves empty and raises the versions of what it changes`()
    async throws
  {
    try await withTelecom { telecom in
      let id = telecom.server.server.id
      let (server, group) = (try await telecom.serverVersion(), try await telecom.version())

      // What nobody is told changes no version.
      let renamed = try await telecom.telecom.process(
        UpdateNodeServer(id: id, spec: try .shadowsocks(name: "Oslo 2", factor: 2_000)),
        as: telecom.admin
      )
      #expect(renamed.spec.settings == telecom.server.server.spec.settings)
      #expect(renamed.spec.factorThousandths == 2_000)
      #expect(try await telecom.serverVersion() == server)
      #expect(try await telecom.version() == group)

      // Another port is told to the agent and to customers.
      _ = try await telecom.telecom.process(
        UpdateNodeServer(id: id, spec: try .shadowsocks(port: 9_000)),
        as: telecom.admin
      )
      #expect(try await telecom.serverVersion() == server + 1)
      #expect(try await telecom.version() == group + 1)

      let disabled = try NodeServer.Spec.shadowsocks(port: 9_000, enabled: false)
      _ = try await telecom.telecom.process(
        UpdateNodeServer(id: id, spec: disabled),
        as: telecom.admin
      )
      #expect(try await telecom.version() == group + 2)
      #expect(
        try await telecom.telecom.process(
          NodeClient.ListOfGroup(groupID: telecom.group.id)
        )
        .isEmpty
      )
    }
  }

  @Test func `a client's port is its server's unless it has its own`() async throws {
    try await withTelecom { telecom in
      #expect(telecom.client.spec.port == 8_388)
      let nodes = try await telecom.telecom.process(
        NodeClient.ListOfGroup(groupID: telecom.group.id)
      )
      #expect(nodes.map(\.name) == ["Oslo"])
      #expect(nodes.map(\.port) == [8_388])
      #expect(
        nodes.map(\.settings) == [
          telecom.server.server.spec.settings
        ]
      )
    }
  }

  @Test func `a client that moves between groups changes both, and who may use its server`()
    async throws
  {
    try await withTelecom { telecom in
      try await telecom.queue()
      let other = try await telecom.telecom.process(
        try CreateNodeGroup(name: "premium"),
        as: telecom.admin
      )
      let version = try await telecom.version()
      #expect(try await telecom.users().count == 1)

      let spec = try NodeClient.Spec(
        server: telecom.server.server.id,
        name: "Oslo",
        host: "203.0.113.1",
        port: 443,
        groups: [other.id]
      )
      _ = try await telecom.telecom.process(
        UpdateNodeClient(id: telecom.client.id, spec: spec),
        as: telecom.admin
      )
      #expect(try await telecom.version() == version + 1)
      #expect(try await telecom.telecom.process(NodeGroup.FindVersion(id: other.id)) == 2)
      #expect(try await telecom.users().isEmpty)
      let versions = try await telecom.telecom.process(
        NodeGroup.ListVersionsOfServer(serverID: telecom.server.server.id)
      )
      #expect(versions.map(\.id) == [other.id])

      try await telecom.telecom.process(DeleteNodeClient(id: telecom.client.id), as: telecom.admin)
      #expect(try await telecom.telecom.process(NodeGroup.FindVersion(id: other.id)) == 3)
      #expect(
        try await telecom.telecom.process(
          NodeGroup.ListVersionsOfServer(serverID: telecom.server.server.id)
        ).isEmpty
      )
    }
  }

  @Test func `a client in maintenance takes its users off the server`() async throws {
    try await withTelecom { telecom in
      try await telecom.queue()
      let spec = try NodeClient.Spec(
        server: telecom.server.server.id,
        name: "Oslo",
        host: "oslo.example.com",
        enabled: false,
        groups: [telecom.group.id]
      )
      _ = try await telecom.telecom.process(
        UpdateNodeClient(id: telecom.client.id, spec: spec),
        as: telecom.admin
      )
      #expect(try await telecom.users().isEmpty)
      #expect(
        try await telecom.telecom.process(
          NodeClient.ListOfGroup(groupID: telecom.group.id)
        )
        .isEmpty
      )
    }
  }

  @Test func `what a client or a package refers to must exist`() async throws {
    try await withTelecom { telecom in
      let unknown: NodeGroup.ID = telecom.world.ids.next()
      func field(_ body: () async throws -> Void) async -> String? {
        do {
          try await body()
          return nil
        } catch {
          return (error as? InvalidInput)?.violations.first?.field
        }
      }
      let noServer = CreateNodeClient(
        spec: try NodeClient.Spec(server: 99, name: "a", host: "a.example", groups: [])
      )
      let noGroup = CreateNodeClient(
        spec: try NodeClient.Spec(
          server: telecom.server.server.id,
          name: "a",
          host: "a.example",
          groups: [unknown]
        )
      )
      let noGroupForPackage = CreatePackageSeries(spec: try .sample(group: unknown))
      #expect(
        await field { _ = try await telecom.telecom.process(noServer, as: telecom.admin) }
          == "spec.server_id"
      )
      #expect(
        await field { _ = try await telecom.telecom.process(noGroup, as: telecom.admin) }
          == "spec.group_ids"
      )
      #expect(
        await field { _ = try await telecom.telecom.process(noGroupForPackage, as: telecom.admin) }
          == "spec.group_id"
      )
    }
  }

  @Test func `a time zone that the database doesn't know is named from the request's top`()
    async throws
  {
    try await withTelecom { telecom in
      let schedule = try JSON.decode(
        FactorSchedule.self,
        from: Array(#"{"time_zone":"America/Coyhaique_2031","rules":[]}"#.utf8)
      )
      let settings = NodeServerSettings.shadowsocks(
        ShadowsocksServer(listener: Listener(port: 8_388), serverKey: nil)
      )
      let spec = try NodeServer.Spec(
        name: "Oslo 2",
        settings: settings,
        factorSchedule: schedule,
        pushInterval: 60,
        pullInterval: 60
      )
      let error = await #expect(throws: InvalidInput.self) {
        try await telecom.telecom.process(CreateNodeServer(spec: spec), as: telecom.admin)
      }
      #expect(error?.violations.map(\.field) == ["spec.factor_time_zone"])
    }
  }

  @Test func `a group's name belongs to one group`() async throws {
    try await withTelecom { telecom in
      await #expect(throws: NodeGroup.CreationError.nodeGroupNameTaken) {
        try await telecom.telecom.process(try CreateNodeGroup(name: "standard"), as: telecom.admin)
      }
    }
  }

  @Test func `lists go on where the last page ended`() async throws {
    try await withTelecom { telecom in
      for name in ["b", "c", "d"] {
        _ = try await telecom.telecom.process(try CreateNodeGroup(name: name), as: telecom.admin)
      }
      var names: [String] = []
      var token = ""
      repeat {
        let page = try await telecom.telecom.process(
          ListNodeGroups(page: try PageRequest(size: 3, token: token)),
          as: telecom.admin
        )
        names += page.items.map(\.name)
        token = page.nextToken
      } while !token.isEmpty
      #expect(Set(names) == ["standard", "b", "c", "d"])
      #expect(names.count == 4)
    }
  }

  @Test func `fifty new versions of a series at once have fifty numbers and one master`()
    async throws
  {
    try await withTelecom { telecom in
      let spec = try Package.Spec.sample(group: telecom.group.id)
      let errors = await race(50) { _ in
        _ = try await telecom.telecom.process(
          CreatePackageVersion(series: telecom.package.series, spec: spec),
          as: telecom.admin
        )
      }.failed
      #expect(errors.isEmpty)
      #expect(
        try await telecom.world.number("SELECT count(*) FROM telecom.packages WHERE is_master") == 1
      )
      #expect(
        try await telecom.world.number("SELECT max(version)::bigint FROM telecom.packages") == 51
      )
    }
  }
}
