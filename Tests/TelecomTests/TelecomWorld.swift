import AgentProtocols
import Contracts
import FoundationEssentials
import Logging
import Manifest
import Platform
import RPCEdge
import Redis
import SubscriptionFormats
import Synchronization
import WorldKit

@testable import Telecom

/// A telecom with one account, one node group that has a Shadowsocks server with a client, and one
/// series of packages for it.
struct TelecomWorld: Sendable {
  let world: World
  let telecom: Telecom
  let audit = RecordingAuditLog()
  let accounts = Accounts()
  let admin: Admin
  let account: Account.ID
  let group: NodeGroup
  let server: IssuedNodeServer
  let client: NodeClient
  let package: Package

  static let quota: Int64 = 1_000
  static let day: Int64 = 86_400

  /// - Parameter redis: nil: one that nobody answers.
  init(
    _ world: World,
    settings: TelecomSettings,
    redis: RedisClient? = nil
  ) async throws {
    self.world = world
    admin = try await world.admin()
    account = world.ids.next()
    telecom = Telecom(
      database: world.database,
      gate: world.gate(of: Telecom.operations, audit: audit),
      clock: world.clock.clock,
      ids: world.ids,
      redis: try redis ?? .unreachable,
      settings: Settings(fixed: settings),
      accounts: accounts,
      logger: Logger(label: "helium.test")
    )
    group = try await telecom.process(try CreateNodeGroup(name: "standard"), as: admin)
    server = try await telecom.process(CreateNodeServer(spec: try .shadowsocks()), as: admin)
    client = try await telecom.process(
      CreateNodeClient(
        spec: try NodeClient.Spec(
          server: server.server.id,
          name: "Oslo",
          host: "oslo.example.com",
          groups: [group.id]
        )
      ),
      as: admin
    )
    package = try await telecom.process(
      CreatePackageSeries(spec: try .sample(group: group.id)),
      as: admin
    )
  }

  var now: Instant { world.clock.clock.now }

  func travel(to instant: Instant) {
    world.clock.advance(by: instant - now)
  }

  /// Answers a request as the edge does, with the caller and the idempotency key of `call`.
  func answer<O: RPC>(
    _ operation: O.Type,
    _ request: O.Request,
    as caller: Caller,
    key: String? = nil
  ) async throws -> O.Response where O.Context.Home == Telecom {
    let call = RequestContext(requestID: "test", caller: caller, idempotencyKey: key)
    return try await RequestContext.$current.withValue(call) {
      try await O.answer(request, in: telecom)
    }
  }

  /// Puts copies of the series into the account's queue.
  @discardableResult
  func queue(_ amount: Int = 1, order: Order.ID? = nil, account other: Account.ID? = nil)
    async throws -> QueuedPackages
  {
    try await telecom.process(
      QueuePackages(
        account: other ?? account,
        subscription: nil,
        packages: [PurchasedPackage(series: package.series, amount: amount)],
        order: order
      )
    )
  }

  /// Makes what the series delivers from now on a package whose traffic resets.
  func deliver(_ rule: ResetRule, days: Int64 = 366) async throws {
    let spec = try Package.Spec.sample(group: group.id, days: days, resetRule: rule)
    _ = try await telecom.process(
      CreatePackageVersion(series: package.series, spec: spec),
      as: admin
    )
  }

  /// Brings the account's queue up to date.
  func advance(_ subscription: Subscription.ID) async throws {
    try await telecom.process(AdvanceSubscription(id: subscription))
  }

  /// Bills traffic on an item, as a merge of reports does.
  func use(_ bytes: Int64, of item: PackageQueueItem.ID) async throws {
    try await world.execute(
      "UPDATE telecom.package_queue SET download = download + \(bytes) WHERE id = '\(item)'"
    )
  }

  func statuses(of subscription: Subscription.ID) async throws -> [QueueItem.Status] {
    try await telecom.process(
      ListQueue(subscription: subscription, withEnded: true, page: try PageRequest())
    ).items.map(\.status)
  }

  func subscription() async throws -> SubscriptionSummary {
    let page = try await telecom.process(
      ListSubscriptions(account: account, page: try PageRequest())
    )
    guard let first = page.items.first else { throw NotFound("subscription") }
    return first
  }

  func users() async throws -> [NodeServer.ListUsers.Row] {
    try await telecom.process(NodeServer.ListUsers(now: now, serverID: server.server.id))
  }

  func version() async throws -> Int64 {
    try await telecom.process(NodeGroup.FindVersion(id: group.id)) ?? 0
  }

  func serverVersion() async throws -> Int64 {
    try await telecom.process(GetNodeServer(id: server.server.id), as: admin).version
  }

  /// How many of the subscriptions have more than one active package: never any.
  func doublyActive() async throws -> Int64 {
    try await world.number(
      """
      SELECT count(*) FROM (
        SELECT subscription_id FROM telecom.package_queue WHERE status = 'active' GROUP BY subscription_id HAVING count(*) > 1) AS twice
      """
    )
  }

  /// An account directory in which everyone stands well until banned.
  final class Accounts: AccountDirectory {
    private let banned = Mutex<Set<Account.ID>>([])

    func setBanned(_ isBanned: Bool, _ account: Account.ID) {
      banned.withLock { banned in
        if isBanned { banned.insert(account) } else { banned.remove(account) }
      }
    }

    func standing(of account: Account.ID, in database: DatabaseProcessor) async throws
      -> AccountStanding?
    {
      AccountStanding(isBanned: banned.withLock { $0.contains(account) })
    }

    func email(of account: Account.ID, in database: DatabaseProcessor) async throws -> String? {
      "\(account)@example.org"
    }
  }
}

@discardableResult
func withTelecom<R: Sendable>(
  settings: TelecomSettings = TelecomSettings(),
  _ body: (TelecomWorld) async throws -> R
) async throws -> R {
  try await withWorld { world in try await body(try await TelecomWorld(world, settings: settings)) }
}

extension RedisClient {
  /// A client of a server that doesn't exist. The port is reserved.
  static var unreachable: RedisClient {
    get throws { RedisClient(configuration: try RedisConfiguration(url: "redis://127.0.0.1:1")) }
  }
}

extension NodeServer.Spec {
  static func shadowsocks(
    name: String = "Oslo 1",
    port: UInt16 = 8_388,
    routes: [NodeRoute] = [],
    factor: Int32 = 1_000,
    enabled: Bool = true
  ) throws -> Self {
    try NodeServer.Spec(
      name: name,
      settings: .shadowsocks(ShadowsocksServer(listener: Listener(port: port), serverKey: nil)),
      routes: routes,
      factorThousandths: factor,
      pushInterval: 60,
      pullInterval: 60,
      enabled: enabled
    )
  }

  static func reality(
    serverName: String = "www.example.com",
    privateKey: String = "",
    shortID: String = "",
    flow: VLESSFlow? = .vision
  ) throws -> Self {
    let reality = ServerReality(
      serverName: serverName,
      privateKey: privateKey,
      publicKey: "",
      shortID: shortID
    )
    return try NodeServer.Spec(
      name: "Reality",
      settings: .vless(
        VLESSServer(listener: Listener(port: 443), flow: flow, security: .reality(reality))
      ),
      pushInterval: 60,
      pullInterval: 60
    )
  }
}

extension Package.Spec {
  static func sample(
    group: NodeGroup.ID,
    quota: Int64 = TelecomWorld.quota,
    days: Int64 = 30,
    resetRule: ResetRule = .none,
    speedLimit: Int32? = 100
  ) throws -> Self {
    try Package.Spec(
      name: "Monthly",
      quotaBytes: quota,
      durationSeconds: days * TelecomWorld.day,
      resetRule: resetRule,
      deviceLimit: 3,
      speedLimit: speedLimit,
      group: group
    )
  }
}
