package import Contracts
package import GRPCCore
package import Platform
package import Redis

/// Delivers access: nodes, packages, subscriptions with their queues, and the traffic that they
/// use.
///
/// Locks are taken in one order everywhere, so that no two transactions wait for each other: the
/// row of a subscription (of several in id order), then its queue items (in id order), then node
/// groups (in id order, by `NodeGroup.Bump`, as the transaction's last statement). Rows of node
/// servers and clients also come before groups, and never together with subscriptions. A
/// transaction that changes a queue holds its subscription's row, so a queue has one writer at a
/// time.
package struct Telecom: AdministeredModule {
  package var database: DatabaseProcessor
  package let gate: AdminGate
  package let clock: WallClock
  let ids: IdentifierSource
  let settings: Settings<TelecomSettings>
  let accounts: any AccountDirectory

  package init(
    database: DatabaseProcessor,
    gate: AdminGate,
    clock: WallClock,
    ids: IdentifierSource,
    settings: Settings<TelecomSettings>,
    accounts: any AccountDirectory
  ) {
    self.database = database
    self.gate = gate
    self.clock = clock
    self.ids = ids
    self.settings = settings
    self.accounts = accounts
  }

  /// `helium.telecom.v1`. `redis` knows who is online.
  package func services(redis: RedisClient) -> [any RegistrableRPCService] {
    [
      SubscriptionRPC(telecom: self), UsageRPC(telecom: self), NodeAdminRPC(telecom: self),
      NodeStateAdminRPC(telecom: self, redis: redis), PackageAdminRPC(telecom: self),
      SubscriptionAdminRPC(telecom: self),
      UsageAdminRPC(telecom: self, redis: redis),
    ]
  }

  package var hooks: [Hook] {
    [
      Hook(OpenSubscription(), named: "telecom.open_subscription", in: self),
      Hook(DeliverOrder(), named: "telecom.deliver_order", in: self),
      Hook(SuspendSubscription(), named: "telecom.suspend_subscription", in: self),
      Hook(ResumeSubscription(), named: "telecom.resume_subscription", in: self),
    ]
  }

  package var cronEntries: [CronEntry] {
    [
      CronEntry(ExpirePackages(), in: self), CronEntry(PruneTraffic(), in: self),
      CronEntry(RollUpUsageHours(), in: self),
      CronEntry(KeepUsageMonths(), in: self), CronEntry(WatchNodes(), in: self),
      CronEntry(ForgetOldRecords(), in: self),
    ]
  }

  package static let settingsKind = SettingsKind(TelecomSettings.self)

  package static let adminOperations: [any AdminOperation.Type] = [
    CreateNodeGroup.self, ListNodeGroups.self, CreateNodeServer.self, UpdateNodeServer.self,
    GetNodeServer.self, ListNodeServers.self,
    SetNodeServerMaintenance.self, DeleteNodeServer.self, RotateNodeServerToken.self,
    GetNodeSnippet.self, ListNodeServerStates.self,
    CreateNodeClient.self, UpdateNodeClient.self, SetNodeClientMaintenance.self,
    DeleteNodeClient.self, ListNodeClients.self,
    CreatePackageSeries.self, CreatePackageVersion.self, ListPackageSeries.self,
    ListPackageVersions.self,
    ListAccountSubscriptions.self, ListSubscriptionQueue.self, GrantPackage.self, AdjustQuota.self,
    ExtendPackage.self, CancelPackage.self,
    ListSubscriptionUsage.self, ListNodeUsage.self, ListTopSubscriptions.self, ListTopNodes.self,
    ExportUsage.self,
    ListOnlineSubscriptions.self, ListSetAsideTraffic.self, ListSubscriptionFetches.self,
    PreviewProfile.self,
    ListSubscriptionFetchDays.self, ListSubscriptionDevices.self, RemoveSubscriptionDevice.self,
    SetHWIDLimit.self, GetTrafficHealth.self,
    ListRuleHits.self,
  ]
}
