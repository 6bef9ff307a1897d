import AgentProtocols
import FoundationEssentials
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct MaintenanceTests {
  /// A client in Bergen beside the one in Oslo, of the same server or of one of its own.
  private func addBergen(_ telecom: TelecomWorld, server: NodeServer.ID? = nil, relay: Bool = false)
    async throws -> NodeClient
  {
    let spec = try NodeClient.Spec(
      server: server ?? telecom.server.server.id,
      name: "Bergen",
      host: "bergen.example.com",
      relay: relay,
      sortOrder: -1,
      groups: [telecom.group.id]
    )
    return try await telecom.telecom.process(CreateNodeClient(spec: spec), as: telecom.admin)
  }

  private func document(_ routes: RouterClient, known: String = "") async throws
    -> RouterClient.Answer
  {
    let link = "/subscribe/\(try await routes.telecom.subscription().linkToken.text)?format=mihomo"
    return try await routes.send(link, headers: ["If-None-Match": known])
  }

  @Test func `a client in maintenance leaves documents at once, and its server serves on`()
    async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      try await telecom.queue()
      let bergen = try await addBergen(telecom)
      let before = try await document(routes)
      #expect(
        before.text.contains("oslo.example.com") && before.text.contains("bergen.example.com")
      )

      let changed = try await telecom.telecom.process(
        SetNodeClientMaintenance(id: bergen.id, inMaintenance: true),
        as: telecom.admin
      )
      #expect(changed.maintenanceSince == telecom.now)
      let after = try await document(routes, known: before.tag ?? "")
      #expect(after.status == 200)
      #expect(after.text.contains("oslo.example.com") && !after.text.contains("bergen.example.com"))
      #expect(try await telecom.users().count == 1)

      // An update of what the client is leaves it in maintenance.
      let updated = try await telecom.telecom.process(
        UpdateNodeClient(id: bergen.id, spec: bergen.spec),
        as: telecom.admin
      )
      #expect(updated.maintenanceSince == telecom.now)

      _ = try await telecom.telecom.process(
        SetNodeClientMaintenance(id: bergen.id, inMaintenance: false),
        as: telecom.admin
      )
      #expect(try await document(routes).text == before.text)
    }
  }

  @Test
  func `a server in maintenance leaves documents with all its clients, and its traffic counts`()
    async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let id = telecom.server.server.id
      let other = try await telecom.telecom.process(
        CreateNodeServer(spec: try .shadowsocks(name: "2")),
        as: telecom.admin
      )
      _ = try await addBergen(telecom, server: other.server.id)
      try await telecom.queue()
      let user = try await telecom.subscription().nodeUserID
      let before = try await document(routes)
      let config = try await routes.agent("config").tag ?? ""

      let changed = try await telecom.telecom.process(
        SetNodeServerMaintenance(id: id, inMaintenance: true),
        as: telecom.admin
      )
      #expect(changed.maintenanceSince == telecom.now)
      let after = try await document(routes, known: before.tag ?? "")
      #expect(
        after.status == 200 && after.text.contains("bergen.example.com")
          && !after.text.contains("oslo.example.com")
      )

      // Its agent goes on with the same settings and the same users, and what it reports is billed.
      #expect(try await routes.agent("config", headers: ["If-None-Match": config]).status == 304)
      #expect(try await routes.agent("user").text.contains("\"id\":\(user),"))
      #expect(try await routes.push("{\"\(user)\":[30,20]}").status == 200)
      _ = try await telecom.telecom.process(BillReports())
      #expect(try await telecom.subscription().active?.upload == 30)
    }
  }

  @Test func `with every node in maintenance the document still is one, and says so`() async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      try await telecom.queue()
      _ = try await telecom.telecom.process(
        SetNodeServerMaintenance(id: telecom.server.server.id, inMaintenance: true),
        as: telecom.admin
      )
      let answer = try await document(routes)
      #expect(answer.status == 200)
      #expect(answer.text.contains("No nodes available"))
    }
  }

  @Test func `to switch what is switched changes nothing`() async throws {
    try await withTelecom { telecom in
      let id = telecom.server.server.id
      let version = try await telecom.version()
      _ = try await telecom.telecom.process(
        SetNodeServerMaintenance(id: id, inMaintenance: false),
        as: telecom.admin
      )
      #expect(try await telecom.version() == version)
      let first = try await telecom.telecom.process(
        SetNodeServerMaintenance(id: id, inMaintenance: true),
        as: telecom.admin
      )
      telecom.world.clock.advance(by: .seconds(60))
      let second = try await telecom.telecom.process(
        SetNodeServerMaintenance(id: id, inMaintenance: true),
        as: telecom.admin
      )
      #expect(second.maintenanceSince == first.maintenanceSince)
      #expect(try await telecom.version() == version + 1)
      #expect(try await telecom.serverVersion() == first.version)
      await #expect(throws: NotFound("nodeServer")) {
        try await telecom.telecom.process(
          SetNodeServerMaintenance(id: 99, inMaintenance: true),
          as: telecom.admin
        )
      }
      await #expect(throws: NotFound("nodeClient")) {
        try await telecom.telecom.process(
          SetNodeClientMaintenance(id: telecom.world.ids.next(), inMaintenance: true),
          as: telecom.admin
        )
      }
    }
  }

  @Test func `a server is given up only when nothing leads to it, and then its agent is refused`()
    async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let id = telecom.server.server.id
      let bergen = try await addBergen(telecom, relay: true)
      try await telecom.queue()
      let user = try await telecom.subscription().nodeUserID
      #expect(try await routes.push("{\"\(user)\":[30,20]}").status == 200)
      await #expect(throws: NodeServer.DeletionError.serverHasClients(["Bergen", "Oslo"])) {
        try await telecom.telecom.process(DeleteNodeServer(id: id), as: telecom.admin)
      }
      for client in [bergen, telecom.client] {
        try await telecom.telecom.process(DeleteNodeClient(id: client.id), as: telecom.admin)
      }
      try await telecom.telecom.process(DeleteNodeServer(id: id), as: telecom.admin)

      #expect(try await routes.agent("config").status == 401)
      #expect(
        try await telecom.telecom.process(
          ListNodeServers(page: try PageRequest()),
          as: telecom.admin
        ).items.isEmpty
      )
      await #expect(throws: NotFound("nodeServer")) {
        try await telecom.telecom.process(DeleteNodeServer(id: id), as: telecom.admin)
      }
      await #expect(throws: NotFound("nodeServer")) {
        try await telecom.telecom.process(RotateNodeServerToken(id: id), as: telecom.admin)
      }
      let client = CreateNodeClient(
        spec: try NodeClient.Spec(server: id, name: "a", host: "a.example", groups: [])
      )
      await #expect(throws: InvalidInput.self) {
        try await telecom.telecom.process(client, as: telecom.admin)
      }
      // What it reported before still counts.
      _ = try await telecom.telecom.process(BillReports())
      #expect(try await telecom.subscription().active?.upload == 30)
    }
  }

  @Test func `of clients that race with the end of their server none is left without one`()
    async throws
  {
    try await withTelecom { telecom in
      let empty = try await telecom.telecom.process(
        CreateNodeServer(spec: try .shadowsocks(name: "2")),
        as: telecom.admin
      ).server.id
      _ = await race(12) { index in
        if index == 5 {
          try await telecom.telecom.process(DeleteNodeServer(id: empty), as: telecom.admin)
        } else {
          let spec = try NodeClient.Spec(
            server: empty,
            name: "\(index)",
            host: "a.example",
            groups: [telecom.group.id]
          )
          _ = try await telecom.telecom.process(CreateNodeClient(spec: spec), as: telecom.admin)
        }
      }
      let orphans = try await telecom.world.number(
        """
        SELECT count(*) FROM telecom.node_clients c JOIN telecom.node_servers s ON s.id = c.server_id WHERE s.deleted_at IS NOT NULL
        """
      )
      #expect(orphans == 0)
    }
  }
}
