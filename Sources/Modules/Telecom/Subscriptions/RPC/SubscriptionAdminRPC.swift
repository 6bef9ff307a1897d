import Contracts
package import GRPCCore
package import Platform
import RPCEdge
import SwiftProtobuf
package import TelecomProtos
import WireValues

extension ListAccountSubscriptions: RPC {
  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.ListAccountSubscriptions
    .descriptor

  init(_ request: Helium_Telecom_V1_ListAccountSubscriptionsRequest, by _: Admin) throws {
    self.init(
      account: try Account.ID(request.accountID, field: "account_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ subscriptions: Page<SubscriptionSummary>)
    -> Helium_Telecom_V1_ListAccountSubscriptionsResponse
  {
    .with {
      $0.subscriptions = subscriptions.items.map { .init($0) }
      $0.nextPageToken = subscriptions.nextToken
    }
  }
}

extension ListSubscriptionQueue: RPC {
  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.ListSubscriptionQueue
    .descriptor

  init(_ request: Helium_Telecom_V1_ListSubscriptionQueueRequest, by _: Admin) throws {
    self.init(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      withEnded: request.withEnded,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ items: Page<QueueItem.List.Row>)
    -> Helium_Telecom_V1_ListSubscriptionQueueResponse
  {
    .with {
      $0.items = items.items.map(Helium_Telecom_V1_PackageQueueItem.init)
      $0.nextPageToken = items.nextToken
    }
  }
}

extension GrantPackage: RPC {
  package static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.GrantPackage
    .descriptor

  package init(_ request: Helium_Telecom_V1_GrantPackageRequest, by _: Admin) throws {
    try self.init(
      account: Account.ID(request.accountID, field: "account_id"),
      subscription: Subscription.ID(
        optional: request.hasSubscriptionID ? request.subscriptionID : nil,
        field: "subscription_id"
      ),
      series: PackageSeries.ID(request.seriesID, field: "series_id"),
      amount: request.hasAmount ? Int(request.amount) : 1,
      reason: request.reason
    )
  }

  package static func response(_ queued: QueuedPackages) -> Helium_Telecom_V1_GrantPackageResponse {
    .with {
      $0.subscriptionID = queued.subscription.description
      $0.itemIds = queued.items.map(\.description)
    }
  }
}

extension AdjustQuota: RPC {
  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.AdjustQuota.descriptor

  init(_ request: Helium_Telecom_V1_AdjustQuotaRequest, by _: Admin) throws {
    try self.init(
      item: PackageQueueItem.ID(request.itemID, field: "item_id"),
      delta: request.deltaBytes,
      reason: request.reason
    )
  }

  static func response(_ _: Int64) -> Helium_Telecom_V1_AdjustQuotaResponse {
    .init()
  }
}

extension ExtendPackage: RPC {
  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.ExtendPackage.descriptor

  init(_ request: Helium_Telecom_V1_ExtendPackageRequest, by _: Admin) throws {
    try self.init(
      item: PackageQueueItem.ID(request.itemID, field: "item_id"),
      seconds: request.seconds,
      reason: request.reason
    )
  }

  static func response(_ _: Instant?) -> Helium_Telecom_V1_ExtendPackageResponse {
    .init()
  }
}

extension CancelPackage: RPC {
  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.CancelPackage.descriptor

  init(_ request: Helium_Telecom_V1_CancelPackageRequest, by _: Admin) throws {
    try self.init(
      item: PackageQueueItem.ID(request.itemID, field: "item_id"),
      reason: request.reason
    )
  }

  static func response(_ _: Instant) -> Helium_Telecom_V1_CancelPackageResponse {
    .init()
  }
}

extension ListSubscriptionFetches: RPC {
  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.ListSubscriptionFetches
    .descriptor

  init(_ request: Helium_Telecom_V1_ListSubscriptionFetchesRequest, by _: Admin) throws {
    try self.init(
      subscription: Subscription.ID(request.subscriptionID, field: "subscription_id"),
      windowSeconds: request.windowSeconds,
      page: PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ fetches: Answer) -> Helium_Telecom_V1_ListSubscriptionFetchesResponse {
    .with {
      $0.fetches = fetches.page.items.map(Helium_Telecom_V1_SubscriptionFetch.init)
      $0.distinctAddresses = Int32(clamping: fetches.distinctAddresses)
      $0.nextPageToken = fetches.page.nextToken
    }
  }
}

extension ListSubscriptionFetchDays: RPC {
  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.ListSubscriptionFetchDays
    .descriptor

  init(_ request: Helium_Telecom_V1_ListSubscriptionFetchDaysRequest, by _: Admin) throws {
    self.init(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ days: Answer) -> Helium_Telecom_V1_ListSubscriptionFetchDaysResponse {
    .with {
      $0.days = days.page.items.map(Helium_Telecom_V1_SubscriptionFetchDay.init)
      $0.nextPageToken = days.page.nextToken
      $0.distinctAddresses = days.distinctAddresses
    }
  }
}

extension ListSubscriptionDevices: RPC {
  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.ListSubscriptionDevices
    .descriptor

  init(_ request: Helium_Telecom_V1_ListSubscriptionDevicesRequest, by _: Admin) throws {
    self.init(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ devices: SubscriptionDevices)
    -> Helium_Telecom_V1_ListSubscriptionDevicesResponse
  {
    .with {
      $0.devices = devices.page.items.map(Helium_Telecom_V1_SubscriptionDevice.init)
      $0.nextPageToken = devices.page.nextToken
      $0.hwidLimit = devices.limit ?? 0
      if let own = devices.ownLimit { $0.ownHwidLimit = own }
    }
  }
}

extension RemoveSubscriptionDevice: RPC {
  typealias Response = Helium_Telecom_V1_RemoveSubscriptionDeviceResponse

  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.RemoveSubscriptionDevice
    .descriptor

  init(_ request: Helium_Telecom_V1_RemoveSubscriptionDeviceRequest, by _: Admin) throws {
    try self.init(
      subscription: Subscription.ID(request.subscriptionID, field: "subscription_id"),
      hwid: request.hwid
    )
  }
}

extension SetHWIDLimit: RPC {
  typealias Response = Helium_Telecom_V1_SetHWIDLimitResponse

  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.SetHWIDLimit.descriptor

  init(_ request: Helium_Telecom_V1_SetHWIDLimitRequest, by _: Admin) throws {
    try self.init(
      subscription: Subscription.ID(request.subscriptionID, field: "subscription_id"),
      limit: request.hasHwidLimit ? request.hwidLimit : nil,
      reason: request.reason
    )
  }
}

extension PreviewProfile: RPC {
  static let method = Helium_Telecom_V1_SubscriptionAdminService.Method.PreviewProfile.descriptor

  init(_ request: Helium_Telecom_V1_PreviewProfileRequest, by _: Admin) throws {
    try self.init(format: request.format, text: request.template)
  }

  static func response(_ preview: Preview) -> Helium_Telecom_V1_PreviewProfileResponse {
    .with {
      $0.document = preview.document
      $0.contentType = preview.contentType
    }
  }
}
