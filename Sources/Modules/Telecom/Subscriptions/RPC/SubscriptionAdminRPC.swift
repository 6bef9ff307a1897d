import Contracts
import GRPCCore
import Platform
import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos
import WireValues

/// Serves `helium.telecom.v1.SubscriptionAdminService`.
struct SubscriptionAdminRPC: Helium_Telecom_V1_SubscriptionAdminService.SimpleServiceProtocol {
  let telecom: Telecom

  func listAccountSubscriptions(
    request: Helium_Telecom_V1_ListAccountSubscriptionsRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListAccountSubscriptionsResponse {
    let account = try Account.ID(request.accountID, field: "account_id")
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let subscriptions = try await telecom.process(
      ListAccountSubscriptions(account: account, page: page),
      as: Caller.admin()
    )
    return .with {
      $0.subscriptions = subscriptions.items.map { Helium_Telecom_V1_Subscription($0, links: []) }
      $0.nextPageToken = subscriptions.nextToken
    }
  }

  func listSubscriptionQueue(
    request: Helium_Telecom_V1_ListSubscriptionQueueRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListSubscriptionQueueResponse {
    let subscription = try Subscription.ID(request.subscriptionID, field: "subscription_id")
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let items = try await telecom.process(
      ListSubscriptionQueue(subscription: subscription, withEnded: request.withEnded, page: page),
      as: Caller.admin()
    )
    return .with {
      $0.items = items.items.map(Helium_Telecom_V1_PackageQueueItem.init)
      $0.nextPageToken = items.nextToken
    }
  }

  func grantPackage(
    request: Helium_Telecom_V1_GrantPackageRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_GrantPackageResponse {
    let queued = try await telecom.process(GrantPackage(request), as: Caller.admin())
    return .with {
      $0.subscriptionID = queued.subscription.description
      $0.itemIds = queued.items.map(\.description)
    }
  }

  func adjustQuota(
    request: Helium_Telecom_V1_AdjustQuotaRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_AdjustQuotaResponse {
    let item = try PackageQueueItem.ID(request.itemID, field: "item_id")
    let change = try AdjustQuota(item: item, delta: request.deltaBytes, reason: request.reason)
    _ = try await telecom.process(change, as: Caller.admin())
    return .init()
  }

  func extendPackage(
    request: Helium_Telecom_V1_ExtendPackageRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ExtendPackageResponse {
    let item = try PackageQueueItem.ID(request.itemID, field: "item_id")
    let change = try ExtendPackage(item: item, seconds: request.seconds, reason: request.reason)
    _ = try await telecom.process(change, as: Caller.admin())
    return .init()
  }

  func cancelPackage(
    request: Helium_Telecom_V1_CancelPackageRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_CancelPackageResponse {
    let item = try PackageQueueItem.ID(request.itemID, field: "item_id")
    _ = try await telecom.process(
      try CancelPackage(item: item, reason: request.reason),
      as: Caller.admin()
    )
    return .init()
  }

  func listSubscriptionFetches(
    request: Helium_Telecom_V1_ListSubscriptionFetchesRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListSubscriptionFetchesResponse {
    let list = try ListSubscriptionFetches(
      subscription: Subscription.ID(request.subscriptionID, field: "subscription_id"),
      windowSeconds: request.windowSeconds,
      page: PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let fetches = try await telecom.process(list, as: Caller.admin())
    return .with {
      $0.fetches = fetches.page.items.map(Helium_Telecom_V1_SubscriptionFetch.init)
      $0.distinctAddresses = Int32(clamping: fetches.distinctAddresses)
      $0.nextPageToken = fetches.page.nextToken
    }
  }

  func listSubscriptionFetchDays(
    request: Helium_Telecom_V1_ListSubscriptionFetchDaysRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListSubscriptionFetchDaysResponse {
    let list = ListSubscriptionFetchDays(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let days = try await telecom.process(list, as: Caller.admin())
    return .with {
      $0.days = days.page.items.map(Helium_Telecom_V1_SubscriptionFetchDay.init)
      $0.nextPageToken = days.page.nextToken
      $0.distinctAddresses = days.distinctAddresses
    }
  }

  func listSubscriptionDevices(
    request: Helium_Telecom_V1_ListSubscriptionDevicesRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListSubscriptionDevicesResponse {
    let list = ListSubscriptionDevices(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let devices = try await telecom.process(list, as: Caller.admin())
    return .with {
      $0.devices = devices.page.items.map(Helium_Telecom_V1_SubscriptionDevice.init)
      $0.nextPageToken = devices.page.nextToken
      $0.hwidLimit = devices.limit ?? 0
      if let own = devices.ownLimit { $0.ownHwidLimit = own }
    }
  }

  func removeSubscriptionDevice(
    request: Helium_Telecom_V1_RemoveSubscriptionDeviceRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_RemoveSubscriptionDeviceResponse {
    let subscription = try Subscription.ID(request.subscriptionID, field: "subscription_id")
    try await telecom.process(
      RemoveSubscriptionDevice(subscription: subscription, hwid: request.hwid),
      as: Caller.admin()
    )
    return .init()
  }

  func setHWIDLimit(
    request: Helium_Telecom_V1_SetHWIDLimitRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_SetHWIDLimitResponse {
    let change = try SetHWIDLimit(
      subscription: Subscription.ID(request.subscriptionID, field: "subscription_id"),
      limit: request.hasHwidLimit ? request.hwidLimit : nil,
      reason: request.reason
    )
    try await telecom.process(change, as: Caller.admin())
    return .init()
  }

  func previewProfile(
    request: Helium_Telecom_V1_PreviewProfileRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_PreviewProfileResponse {
    let preview = try PreviewProfile(format: request.format, text: request.template)
    let document = try await telecom.process(preview, as: Caller.admin())
    return .with {
      $0.document = document
      $0.contentType = preview.format.contentType
    }
  }
}

extension GrantPackage {
  init(_ request: Helium_Telecom_V1_GrantPackageRequest) throws {
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
}
