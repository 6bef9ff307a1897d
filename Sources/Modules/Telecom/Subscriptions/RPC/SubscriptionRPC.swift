import Contracts
import GRPCCore
import Platform
import SwiftProtobuf
import TelecomProtos
import WireValues

/// Serves `helium.telecom.v1.SubscriptionService`.
struct SubscriptionRPC: Helium_Telecom_V1_SubscriptionService.SimpleServiceProtocol {
  let telecom: Telecom

  func createSubscription(
    request: Helium_Telecom_V1_CreateSubscriptionRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_CreateSubscriptionResponse {
    let account = try Caller.account().id
    let key = try IdempotencyKey(caller: account, method: "CreateSubscription")
    let subscription = try await telecom.process(CreateSubscription(account: account, key: key))
    return .with { $0.subscription = message(of: subscription) }
  }

  func listSubscriptions(
    request: Helium_Telecom_V1_ListSubscriptionsRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListSubscriptionsResponse {
    let account = try Caller.account().id
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let subscriptions = try await telecom.process(ListSubscriptions(account: account, page: page))
    return .with {
      $0.subscriptions = subscriptions.items.map(message)
      $0.nextPageToken = subscriptions.nextToken
    }
  }

  func getUsage(
    request: Helium_Telecom_V1_GetUsageRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_GetUsageResponse {
    let account = try Caller.account().id
    let subscription = try Subscription.ID(request.subscriptionID, field: "subscription_id")
    let usage = try await telecom.process(GetUsage(subscription: subscription, account: account))
    return .with {
      if let active = usage.active { $0.activePackage = Helium_Telecom_V1_ActivePackage(active) }
      $0.waitingPackages = Int32(clamping: usage.waiting)
    }
  }

  func listPackageQueue(
    request: Helium_Telecom_V1_ListPackageQueueRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListPackageQueueResponse {
    let account = try Caller.account().id
    let subscription = try Subscription.ID(request.subscriptionID, field: "subscription_id")
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let items = try await telecom.process(
      ListOwnQueue(
        subscription: subscription,
        account: account,
        withEnded: request.withEnded,
        page: page
      )
    )
    return .with {
      $0.items = items.items.map(Helium_Telecom_V1_PackageQueueItem.init)
      $0.nextPageToken = items.nextToken
    }
  }

  func listNodes(
    request: Helium_Telecom_V1_ListNodesRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListNodesResponse {
    let account = try Caller.account().id
    let subscription = try Subscription.ID(request.subscriptionID, field: "subscription_id")
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let nodes = try await telecom.process(
      ListNodes(subscription: subscription, account: account, page: page)
    )
    return .with {
      $0.nodes = nodes.items.map(Helium_Telecom_V1_Node.init)
      $0.nextPageToken = nodes.nextToken
    }
  }

  func startNextPackage(
    request: Helium_Telecom_V1_StartNextPackageRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_StartNextPackageResponse {
    let account = try Caller.account().id
    let subscription = try Subscription.ID(request.subscriptionID, field: "subscription_id")
    let changed = try await telecom.process(
      StartNextPackage(subscription: subscription, account: account)
    )
    return .with { $0.subscription = message(of: changed) }
  }

  func listDevices(
    request: Helium_Telecom_V1_ListDevicesRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListDevicesResponse {
    let account = try Caller.account().id
    let list = ListDevices(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      account: account,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let devices = try await telecom.process(list)
    return .with {
      $0.devices = devices.page.items.map(Helium_Telecom_V1_SubscriptionDevice.init)
      $0.nextPageToken = devices.page.nextToken
      $0.hwidLimit = devices.limit ?? 0
    }
  }

  func removeDevice(
    request: Helium_Telecom_V1_RemoveDeviceRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_RemoveDeviceResponse {
    let account = try Caller.account().id
    let subscription = try Subscription.ID(request.subscriptionID, field: "subscription_id")
    try await telecom.process(
      RemoveDevice(subscription: subscription, account: account, hwid: request.hwid)
    )
    return .init()
  }

  func resetLink(
    request: Helium_Telecom_V1_ResetLinkRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ResetLinkResponse {
    let account = try Caller.account().id
    let subscription = try Subscription.ID(request.subscriptionID, field: "subscription_id")
    let changed = try await telecom.process(ResetLink(subscription: subscription, account: account))
    return .with { $0.subscription = message(of: changed) }
  }

  func rotateCredential(
    request: Helium_Telecom_V1_RotateCredentialRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_RotateCredentialResponse {
    let account = try Caller.account().id
    let subscription = try Subscription.ID(request.subscriptionID, field: "subscription_id")
    let changed = try await telecom.process(
      RotateCredential(subscription: subscription, account: account)
    )
    return .with { $0.subscription = message(of: changed) }
  }

  private func message(of subscription: SubscriptionSummary) -> Helium_Telecom_V1_Subscription {
    Helium_Telecom_V1_Subscription(subscription, links: telecom.settings().links)
  }
}
