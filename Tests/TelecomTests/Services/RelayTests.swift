import AgentProtocols
import FieldViolations
import FoundationEssentials
import Platform
import SubscriptionFormats
import Testing
import WorldKit

@testable import Telecom

@Suite struct RelayTests {
  private func addRelay(_ telecom: TelecomWorld, of server: NodeServer.ID, sortOrder: Int32 = -1)
    async throws -> NodeClient
  {
    let spec = try NodeClient.Spec(
      server: server,
      name: "Relay",
      host: "relay.example.com",
      relay: true,
      sortOrder: sortOrder,
      groups: [telecom.group.id]
    )
    return try await telecom.telecom.process(CreateNodeClient(spec: spec), as: telecom.admin)
  }

  @Test
  func `a relay is a way to its server: its port, settings, users and price are the server's`()
    async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let id = telecom.server.server.id
      _ = try await telecom.telecom.process(
        UpdateNodeServer(id: id, spec: try .shadowsocks(factor: 2_000)),
        as: telecom.admin
      )
      let premium = try await telecom.telecom.process(
        try CreateNodeGroup(name: "premium"),
        as: telecom.admin
      )
      // Customers of this group know the relay alone.
      let spec = try NodeClient.Spec(
        server: id,
        name: "Relay",
        host: "relay.example.com",
        relay: true,
        groups: [premium.id]
      )
      let relay = try await telecom.telecom.process(CreateNodeClient(spec: spec), as: telecom.admin)
      #expect(relay.spec.relay && relay.spec.port == 8_388)
      let package = try await telecom.telecom.process(
        CreatePackageSeries(spec: try .sample(group: premium.id)),
        as: telecom.admin
      )
      _ = try await telecom.telecom.process(
        GrantPackage(account: telecom.account, series: package.series, reason: "test"),
        as: telecom.admin
      )
      let subscription = try await telecom.subscription()
      let document = try await routes.send(
        "/subscribe/\(subscription.linkToken.text)?format=mihomo"
      )
      #expect(
        document.text.contains("relay.example.com") && !document.text.contains("oslo.example.com")
      )
      #expect(try await routes.agent("user").text.contains("\"id\":\(subscription.nodeUserID),"))
      #expect(try await routes.push("{\"\(subscription.nodeUserID)\":[30,20]}").status == 200)
      _ = try await telecom.telecom.process(BillReports())
      #expect(try await telecom.subscription().active?.upload == 60)
    }
  }

  @Test func `an agent is told its own address, never a relay's`() async throws {
    try await withTelecom { telecom in
      let id = telecom.server.server.id
      _ = try await addRelay(telecom, of: id)
      #expect(
        try await telecom.telecom.process(NodeServer.FindHost(serverID: id))
          == "oslo.example.com"
      )
      try await telecom.telecom.process(DeleteNodeClient(id: telecom.client.id), as: telecom.admin)
      #expect(try await telecom.telecom.process(NodeServer.FindHost(serverID: id)) == nil)
    }
  }

  @Test func `a relay is not offered ports that it does not pass on`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let tls = ServerTLS(serverName: "hop.example.com")
      let settings = NodeServerSettings.hysteria2(
        Hysteria2Server(
          listener: Listener(port: 443),
          tls: tls,
          hopping: PortHopping(first: 20_000, last: 30_000, interval: 15)
        )
      )
      let server = try await telecom.telecom.process(
        CreateNodeServer(
          spec: try NodeServer.Spec(
            name: "hop",
            settings: settings,
            pushInterval: 60,
            pullInterval: 60
          )
        ),
        as: telecom.admin
      )
      let relay = try await addRelay(telecom, of: server.server.id)
      try await telecom.queue()
      func document() async throws -> String {
        try await routes.send(
          "/subscribe/\(try await telecom.subscription().linkToken.text)?format=mihomo"
        ).text
      }
      let behind = try await document()
      #expect(
        behind.contains("relay.example.com") && behind.contains("hop.example.com")
          && !behind.contains("20000-30000")
      )
      let direct = try NodeClient.Spec(
        server: server.server.id,
        name: "Relay",
        host: "hop.example.com",
        groups: [telecom.group.id]
      )
      _ = try await telecom.telecom.process(
        UpdateNodeClient(id: relay.id, spec: direct),
        as: telecom.admin
      )
      #expect(try await document().contains("20000-30000"))
    }
  }

  @Test func `lists tell relays from the rest`() async throws {
    try await withTelecom { telecom in
      _ = try await addRelay(telecom, of: telecom.server.server.id)
      let clients = try await telecom.telecom.process(
        ListNodeClients(server: telecom.server.server.id, page: try PageRequest()),
        as: telecom.admin
      )
      #expect(
        clients.items.filter(\.spec.relay).map(\.spec.host) == ["relay.example.com"]
          && clients.items.count == 2
      )
    }
  }

  @Test func `what is in front of a server is told to customers alone, and must fit it`()
    async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let vmess = VMessServer(
        listener: Listener(port: 8_080),
        transport: .webSocket(HTTPEndpoint(path: "/ws"))
      )
      let server = try await telecom.telecom.process(
        CreateNodeServer(
          spec: try NodeServer.Spec(
            name: "ws",
            settings: .vmess(vmess),
            pushInterval: 60,
            pullInterval: 60
          )
        ),
        as: telecom.admin
      )
      func spec(_ front: ClientFront, of id: NodeServer.ID) throws -> NodeClient.Spec {
        try NodeClient.Spec(
          server: id,
          name: "CDN",
          host: "cdn.example.com",
          port: 443,
          relay: true,
          front: front,
          groups: [telecom.group.id]
        )
      }
      let front = ClientFront(serverName: "front.example.com", endsTLS: true)
      let misfit = CreateNodeClient(spec: try spec(front, of: telecom.server.server.id))
      do {
        _ = try await telecom.telecom.process(misfit, as: telecom.admin)
        Issue.record("Shadowsocks has no TLS")
      } catch let error as InvalidInput {
        #expect(error.violations.map(\.field) == ["spec.front.ends_tls"])
      }
      let client = try await telecom.telecom.process(
        CreateNodeClient(spec: try spec(front, of: server.server.id)),
        as: telecom.admin
      )
      let listed = try await telecom.telecom.process(
        ListNodeClients(server: server.server.id, page: try PageRequest()),
        as: telecom.admin
      )
      #expect(listed.items.map(\.spec) == [client.spec])
      try await telecom.queue()
      let document = try await routes.send(
        "/subscribe/\(try await telecom.subscription().linkToken.text)?format=mihomo"
      ).text
      #expect(document.contains("front.example.com"))
      #expect(
        !(try await routes.agent("config", of: server, type: "vmess").text.contains(
          "front.example.com"
        ))
      )
    }
  }
}
