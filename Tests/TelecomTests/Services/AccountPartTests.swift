import AgentProtocols
import Contracts
import FoundationEssentials
import Manifest
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct AccountPartTests {
  private static let hwid = "0123456789abcdef"
  private static let address = "203.0.113.7"

  /// An account with a package in use, one that waits, a device, a fetch and a rule's hit.
  private func withUse(_ body: (RouterClient, QueuedPackages) async throws -> Void) async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let queued = try await telecom.queue(2, order: telecom.world.ids.next())
      try await telecom.use(400, of: queued.items[0])
      let device = try #require(
        SubscriptionDevice(
          hwid: Self.hwid,
          platform: "iOS",
          osVersion: "26",
          model: "iPhone",
          userAgent: "Happ/3"
        )
      )
      let admit = AdmitDevice(subscription: queued.subscription, limit: 3, device: device)
      #expect(try await telecom.telecom.process(admit) == .admitted)
      routes.fetches.note(
        SubscriptionFetch(address: Self.address, userAgent: "Happ/3", format: "v2ray"),
        of: queued.subscription,
        at: telecom.now
      )
      try await routes.fetches.flush()
      try await telecom.telecom.process(
        RuleHits.Add(
          nodeID: telecom.server.server.id,
          ruleIDs: [7],
          nodeUserIDs: [try await telecom.subscription().nodeUserID],
          hits: [2],
          now: telecom.now
        )
      )
      try await body(routes, queued)
    }
  }

  private func part(_ telecom: TelecomWorld) throws -> any AccountPart {
    try #require(telecom.telecom.accountPart)
  }

  /// How many rows name the account's devices, addresses and hits.
  private func traces(_ telecom: TelecomWorld) async throws -> Int64 {
    try await telecom.world.number(
      """
      SELECT (SELECT count(*) FROM telecom.subscription_devices)
        + (SELECT count(*) FROM telecom.subscription_fetches)
        + (SELECT count(*) FROM telecom.subscription_fetch_days)
        + (SELECT count(*) FROM telecom.rule_hits)
      """
    )
  }

  @Test func `the facts say what an account has and how much of it is used`() async throws {
    try await withUse { routes, queued in
      let telecom = routes.telecom
      let facts = try await part(telecom).facts(of: telecom.account, in: telecom.world.database)
      let name = "telecom.subscription.\(queued.subscription)"
      #expect(
        facts == [
          AccountFact("telecom.subscriptions", "1"),
          AccountFact("\(name).package", "Monthly"),
          AccountFact("\(name).traffic", "400 of 1000 bytes used"),
          AccountFact(
            "\(name).expires",
            (telecom.now + .seconds(30 * TelecomWorld.day)).iso8601
          ),
        ]
      )
      let none = try await part(telecom).facts(
        of: telecom.world.ids.next(),
        in: telecom.world.database
      )
      #expect(none == [AccountFact("telecom.subscriptions", "0")])
    }
  }

  @Test func `a banned account and one without a package are seen at a glance`() async throws {
    try await withTelecom { telecom in
      telecom.accounts.setBanned(true, telecom.account)
      try await telecom.handle(SuspendSubscription(), AccountBanned(account: telecom.account))
      let facts = try await part(telecom).facts(of: telecom.account, in: telecom.world.database)
      let name = "telecom.subscription.\(try await telecom.subscription().id)"
      #expect(facts.contains(AccountFact("\(name).suspended", "yes")))
      #expect(facts.contains(AccountFact("\(name).package", "none")))
    }
  }

  @Test func `an export has everything but the secrets, and nothing of others`() async throws {
    try await withUse { routes, queued in
      let telecom = routes.telecom
      let other = try await telecom.queue(account: telecom.world.ids.next())
      let bytes = try await part(telecom).export(telecom.account, in: telecom.world.database)
      let text = String(decoding: bytes, as: UTF8.self)
      let credential = try #require(
        try await telecom.users().first { $0.nodeUserID == 1_001 }?.credential
      )
      #expect(!text.lowercased().contains(credential.uuidString.lowercased()))
      #expect(!text.contains(try await telecom.subscription().linkToken.text))
      #expect(!text.contains(other.subscription.description))

      let exported = try JSON.decode([String: [Exported]].self, from: bytes)
      let subscription = try #require(exported["subscriptions"]?.first)
      #expect(exported["subscriptions"]?.count == 1)
      #expect(subscription.id == queued.subscription.description)
      #expect(subscription.nodeUserID == 1_001 && !subscription.isSuspended)
      #expect(subscription.packages.map(\.id) == queued.items.map(\.description))
      #expect(subscription.packages.map(\.status) == ["active", "in_queue"])
      #expect(subscription.packages.map(\.downloadBytes) == [400, 0])
      #expect(subscription.packages.map(\.quotaBytes) == [1_000, 1_000])
      #expect(subscription.packages[0].activateTime == telecom.now.iso8601)
      #expect(subscription.packages[1].activateTime == nil)
      #expect(subscription.devices.map(\.hwid) == [Self.hwid])
      #expect(subscription.fetches.map(\.address) == [Self.address])
      #expect(subscription.fetchDays.map(\.addresses) == [[Self.address]])
      #expect(subscription.ruleHits.map(\.hits) == [2])
    }
  }

  @Test func `erasing forgets devices and addresses, kills the old link, and keeps the packages`()
    async throws
  {
    try await withUse { routes, queued in
      let telecom = routes.telecom
      let link = "/subscribe/\(try await telecom.subscription().linkToken.text)"
      let before = try #require(try await telecom.users().first)
      let version = try await telecom.version()
      #expect(try await routes.send(link).status == 200)
      #expect(try await traces(telecom) == 4)

      let part = try part(telecom)
      try await telecom.world.database.transaction { transaction in
        try await part.erase(telecom.account, in: transaction)
      }
      #expect(try await traces(telecom) == 0)
      #expect(try await routes.send(link).status == 404)
      let after = try #require(try await telecom.users().first)
      #expect(after.nodeUserID == before.nodeUserID && after.credential != before.credential)
      #expect(try await telecom.version() == version + 1)
      #expect(try await telecom.statuses(of: queued.subscription) == [.active, .inQueue])
      #expect(try await telecom.subscription().active?.download == 400)
    }
  }

  @Test func `a subscription that is opened while the erasure waits gets a new link too`()
    async throws
  {
    try await withTelecom { telecom in
      try await telecom.queue()
      let (world, account) = (telecom.world, telecom.account)
      let second: Subscription.ID = world.ids.next()
      let token = LinkToken(using: world.ids)
      let part = try part(telecom)
      let locked = AsyncStream.makeStream(of: Void.self)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for await _ in locked.stream {}
          try await world.database.transaction { try await part.erase(account, in: $0) }
        }
        try await telecom.telecom.transaction { place in
          _ = try await place.process(Subscription.LockOfAccount(accountID: account))
          locked.continuation.finish()
          let waiting = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
          while try await world.number(waiting) == 0 { await Task.yield() }
          try await place.process(
            Subscription.Insert(
              id: second,
              accountID: account,
              credential: world.ids.randomUUID(),
              linkToken: token.bytes,
              suspended: false,
              createdAt: telecom.now
            )
          )
        }
        try await group.waitForAll()
      }
      let tokens = try await telecom.telecom.process(
        ListSubscriptions(account: account, page: try PageRequest())
      ).items.map(\.linkToken.text)
      #expect(tokens.count == 2 && !tokens.contains(token.text))
    }
  }

  @Test func `erasing one account leaves the others alone`() async throws {
    try await withUse { routes, _ in
      let telecom = routes.telecom
      let link = "/subscribe/\(try await telecom.subscription().linkToken.text)"
      let other: Account.ID = telecom.world.ids.next()
      try await telecom.queue(account: other)
      let part = try part(telecom)
      try await telecom.world.database.transaction { transaction in
        try await part.erase(other, in: transaction)
        // One that has nothing here.
        try await part.erase(telecom.world.ids.next(), in: transaction)
      }
      #expect(try await traces(telecom) == 4)
      #expect(try await routes.send(link).status == 200)
    }
  }
}

private struct Exported: Decodable {
  struct Package: Decodable {
    let id: String
    let status: String
    let activateTime: String?
    let downloadBytes: Int64
    let quotaBytes: Int64

    enum CodingKeys: String, CodingKey {
      case id, status
      case activateTime = "activate_time"
      case downloadBytes = "download_bytes"
      case quotaBytes = "quota_bytes"
    }
  }

  struct Device: Decodable { let hwid: String }
  struct Fetch: Decodable { let address: String }
  struct Day: Decodable { let addresses: [String] }
  struct Hit: Decodable { let hits: Int64 }

  let id: String
  let nodeUserID: Int32
  let isSuspended: Bool
  let packages: [Package]
  let devices: [Device]
  let fetches: [Fetch]
  let fetchDays: [Day]
  let ruleHits: [Hit]

  enum CodingKeys: String, CodingKey {
    case id, packages, devices, fetches
    case nodeUserID = "node_user_id"
    case isSuspended = "is_suspended"
    case fetchDays = "fetch_days"
    case ruleHits = "rule_hits"
  }
}
