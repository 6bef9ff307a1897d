import AgentProtocols
import Contracts
import FoundationEssentials
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct ListNodesTests {
  private func list(
    _ telecom: TelecomWorld,
    account: Account.ID? = nil,
    size: Int = 0,
    token: String = ""
  ) async throws -> Page<
    ListNodes.Node
  > {
    let subscription = try await telecom.subscription().id
    return try await telecom.telecom.process(
      ListNodes(
        subscription: subscription,
        account: account ?? telecom.account,
        page: try PageRequest(size: size, token: token)
      )
    )
  }

  @Test
  func
    `a customer sees the nodes of its package in the order of documents, with region, tags and price`()
    async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      _ = try await telecom.telecom.process(
        UpdateNodeServer(
          id: telecom.server.server.id,
          spec: try NodeServer.Spec(
            name: "Oslo 1",
            settings: telecom.server.server.spec.settings,
            factorSchedule: try FactorSchedule(
              timeZone: "UTC",
              rules: [FactorSchedule.Rule(from: 720, to: 780, factorThousandths: 250)]
            ),
            pushInterval: 60,
            pullInterval: 60
          )
        ),
        as: telecom.admin
      )
      for (name, order) in [("B", 1), ("A", 1), ("C", -1), ("Z", 1), ("hidden", 0)]
        as [(String, Int32)]
      {
        let spec = try NodeClient.Spec(
          server: telecom.server.server.id,
          name: name,
          host: "a.example.com",
          region: "NO",
          tags: ["fast", "IPv6"],
          sortOrder: order,
          enabled: name != "hidden",
          groups: [telecom.group.id]
        )
        _ = try await telecom.telecom.process(CreateNodeClient(spec: spec), as: telecom.admin)
      }
      try await telecom.queue()
      var names: [String] = []
      var token = ""
      repeat {
        let page = try await list(telecom, size: 2, token: token)
        names += page.items.map(\.name)
        token = page.nextToken
      } while !token.isEmpty
      #expect(names == ["C", "Oslo", "A", "B", "Z"])
      let first = try #require(try await list(telecom).items.first)
      #expect(
        first.region == "NO" && first.tags == ["fast", "IPv6"] && first.currentFactor == 250
          && first.condition == .neverSeen
      )

      _ = try await routes.agent("user")
      _ = try await telecom.telecom.process(
        SetNodeClientMaintenance(id: first.id, inMaintenance: true),
        as: telecom.admin
      )
      #expect(try await list(telecom).items.prefix(2).map(\.condition) == [.maintenance, .online])
      telecom.world.clock.advance(by: .seconds(3_600))
      let later = try await list(telecom).items.prefix(2)
      #expect(
        later.map(\.condition) == [.maintenance, .silent]
          && later.map(\.currentFactor) == [1_000, 1_000]
      )
    }
  }

  @Test func `a package that waits for its traffic lets use no nodes`() async throws {
    try await withTelecom { telecom in
      try await telecom.deliver(.monthly)
      let item = try await telecom.queue().items[0]
      #expect(try await list(telecom).items.count == 1)
      try await telecom.use(TelecomWorld.quota, of: item)
      #expect(try await list(telecom).items.isEmpty)
    }
  }

  @Test func `nothing active, nothing listed; and nobody sees another's`() async throws {
    try await withTelecom { telecom in
      try await telecom.telecom.process(EnsureSubscription(account: telecom.account))
      #expect(try await list(telecom).items.isEmpty)
      try await telecom.queue()
      #expect(try await list(telecom).items.map(\.name) == ["Oslo"])
      await #expect(throws: NotFound("subscription")) {
        try await list(telecom, account: telecom.world.ids.next())
      }
      telecom.accounts.setBanned(true, telecom.account)
      try await telecom.telecom.process(ApplyStanding(account: telecom.account))
      #expect(try await list(telecom).items.isEmpty)
    }
  }
}
