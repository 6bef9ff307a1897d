package import Contracts
package import Logging
package import Manifest
package import Platform
package import RPCEdge
package import Redis
package import ServiceLifecycle

/// Delivers access: nodes, packages, subscriptions with their queues, and the traffic that they
/// use.
///
/// Locks are taken in one order everywhere, so that no two transactions wait for each other: the
/// row of a subscription (of several in id order), then its queue items (in id order), then node
/// groups (in id order, by `NodeGroup.Bump`, as the transaction's last statement). Rows of node
/// servers and clients also come before groups, and never together with subscriptions. A
/// transaction that changes a queue holds its subscription's row, so a queue has one writer at a
/// time.
package struct Telecom: HeliumModule {
  package static let name = "telecom"

  package var database: DatabaseProcessor
  package let gate: CallGate
  package let clock: WallClock
  let ids: IdentifierSource
  /// Knows who is online, and what nodes' machines are like.
  let redis: RedisClient
  let settings: Settings<TelecomSettings>
  let accounts: any AccountDirectory
  let logger: Logger
  /// Notes when links were fetched: the routes of links put fetches in, and a service of the same
  /// worker writes them.
  let fetches: FetchRecorder

  package init(
    database: DatabaseProcessor,
    gate: CallGate,
    clock: WallClock,
    ids: IdentifierSource,
    redis: RedisClient,
    settings: Settings<TelecomSettings>,
    accounts: any AccountDirectory,
    logger: Logger
  ) {
    self.database = database
    self.gate = gate
    self.clock = clock
    self.ids = ids
    self.redis = redis
    self.settings = settings
    self.accounts = accounts
    self.logger = logger
    fetches = FetchRecorder(database: database, settings: settings, logger: logger)
  }

  package init(_ resources: ModuleResources) throws {
    self.init(
      database: resources.database,
      gate: try resources.gate,
      clock: resources.clock,
      ids: resources.ids,
      redis: resources.redis,
      settings: resources.settings.reader(),
      accounts: try resources.ports.take((any AccountDirectory).self),
      logger: resources.logger
    )
    resources.ports.offer(self, as: (any PackageCatalog).self)
  }

  package static let settingsKind: SettingsKind? = SettingsKind(TelecomSettings.self)

  /// `helium.telecom.v1`.
  package static let calls: [ModuleCall<Telecom>] = [
    .rpc(CreateNodeGroup.self), .rpc(ListNodeGroups.self),
    .rpc(CreateNodeServer.self), .rpc(UpdateNodeServer.self), .rpc(GetNodeServer.self),
    .rpc(ListNodeServers.self), .rpc(SetNodeServerMaintenance.self), .rpc(DeleteNodeServer.self),
    .rpc(RotateNodeServerToken.self), .rpc(GetNodeSnippet.self),
    .rpc(CreateNodeClient.self), .rpc(UpdateNodeClient.self), .rpc(SetNodeClientMaintenance.self),
    .rpc(DeleteNodeClient.self), .rpc(ListNodeClients.self),
    .rpc(ListNodeServerStates.self), .rpc(GetNodeServerState.self),
    .rpc(CreatePackageSeries.self), .rpc(CreatePackageVersion.self), .rpc(ListPackageSeries.self),
    .rpc(ListPackageVersions.self),
    .rpc(CreateSubscription.self), .rpc(ListSubscriptions.self), .rpc(GetUsage.self),
    .rpc(ListOwnQueue.self), .rpc(ListNodes.self), .rpc(StartNextPackage.self),
    .rpc(ResetLink.self), .rpc(RotateCredential.self), .rpc(ListDevices.self),
    .rpc(RemoveDevice.self),
    .rpc(ListAccountSubscriptions.self), .rpc(ListSubscriptionQueue.self), .rpc(GrantPackage.self),
    .rpc(AdjustQuota.self), .rpc(ExtendPackage.self), .rpc(CancelPackage.self),
    .rpc(ListSubscriptionFetches.self), .rpc(ListSubscriptionFetchDays.self),
    .rpc(ListSubscriptionDevices.self), .rpc(RemoveSubscriptionDevice.self),
    .rpc(SetHWIDLimit.self), .rpc(PreviewProfile.self),
    .rpc(ListOwnUsage.self), .rpc(ListSubscriptionUsage.self), .rpc(ListNodeUsage.self),
    .rpc(ListTopSubscriptions.self), .rpc(ListTopNodes.self), .stream(ExportUsage.self),
    .rpc(ListOnlineSubscriptions.self), .rpc(ListSetAsideTraffic.self),
    .rpc(GetTrafficHealth.self), .rpc(ListRuleHits.self),
  ]

  package var hooks: [Hook] {
    [
      Hook(OpenSubscription(), named: "telecom.open_subscription", in: self),
      Hook(DeliverOrder(), named: "telecom.deliver_order", in: self),
      Hook(SuspendSubscription(), named: "telecom.suspend_subscription", in: self),
      Hook(ResumeSubscription(), named: "telecom.resume_subscription", in: self),
    ]
  }

  package var schedules: [CronEntry] {
    [
      CronEntry(ExpirePackages(), in: self), CronEntry(PruneTraffic(), in: self),
      CronEntry(RollUpUsageHours(), in: self), CronEntry(KeepUsageMonths(), in: self),
      CronEntry(WatchNodes(), in: self), CronEntry(ForgetOldRecords(), in: self),
    ]
  }

  package var accountPart: (any AccountPart)? { TelecomAccountPart(telecom: self) }

  /// The recorder of fetches runs beside the routes of links. The consumer bills nodes' reports,
  /// and measures how many wait.
  package func services(of worker: WorkMode) -> [any Service] {
    switch worker {
    case .subscribeAPI: [fetches]
    case .consumer:
      [BillingLoop(telecom: self, logger: logger), TrafficMonitor(telecom: self, logger: logger)]
    default: []
    }
  }
}
