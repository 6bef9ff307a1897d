import Contracts
import GRPCCore
import Platform
import RPCEdge
import SwiftProtobuf
import TelecomProtos
import WireValues

extension CreateSubscription: RPC {
  static let method = Helium_Telecom_V1_SubscriptionService.Method.CreateSubscription.descriptor

  init(_ request: Helium_Telecom_V1_CreateSubscriptionRequest, by customer: Customer) throws {
    self.init(account: customer.id)
  }

  static func response(_ opened: SubscriptionSummary)
    -> Helium_Telecom_V1_CreateSubscriptionResponse
  {
    .with { $0.subscription = .init(own: opened) }
  }
}

extension ListSubscriptions: RPC {
  static let method = Helium_Telecom_V1_SubscriptionService.Method.ListSubscriptions.descriptor

  init(_ request: Helium_Telecom_V1_ListSubscriptionsRequest, by customer: Customer) throws {
    self.init(
      account: customer.id,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ subscriptions: Page<SubscriptionSummary>)
    -> Helium_Telecom_V1_ListSubscriptionsResponse
  {
    .with {
      $0.subscriptions = subscriptions.items.map { .init(own: $0) }
      $0.nextPageToken = subscriptions.nextToken
    }
  }
}

extension GetUsage: RPC {
  static let method = Helium_Telecom_V1_SubscriptionService.Method.GetUsage.descriptor

  init(_ request: Helium_Telecom_V1_GetUsageRequest, by customer: Customer) throws {
    self.init(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      account: customer.id
    )
  }

  static func response(_ usage: Usage) -> Helium_Telecom_V1_GetUsageResponse {
    .with {
      if let active = usage.active { $0.activePackage = .init(active) }
      $0.waitingPackages = Int32(clamping: usage.waiting)
    }
  }
}

extension ListOwnQueue: RPC {
  static let method = Helium_Telecom_V1_SubscriptionService.Method.ListPackageQueue.descriptor

  init(_ request: Helium_Telecom_V1_ListPackageQueueRequest, by customer: Customer) throws {
    self.init(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      account: customer.id,
      withEnded: request.withEnded,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ items: Page<QueueItem.List.Row>)
    -> Helium_Telecom_V1_ListPackageQueueResponse
  {
    .with {
      $0.items = items.items.map(Helium_Telecom_V1_PackageQueueItem.init)
      $0.nextPageToken = items.nextToken
    }
  }
}

extension ListNodes: RPC {
  static let method = Helium_Telecom_V1_SubscriptionService.Method.ListNodes.descriptor

  init(_ request: Helium_Telecom_V1_ListNodesRequest, by customer: Customer) throws {
    self.init(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      account: customer.id,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ nodes: Page<Node>) -> Helium_Telecom_V1_ListNodesResponse {
    .with {
      $0.nodes = nodes.items.map(Helium_Telecom_V1_Node.init)
      $0.nextPageToken = nodes.nextToken
    }
  }
}

extension StartNextPackage: RPC {
  static let method = Helium_Telecom_V1_SubscriptionService.Method.StartNextPackage.descriptor

  init(_ request: Helium_Telecom_V1_StartNextPackageRequest, by customer: Customer) throws {
    self.init(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      account: customer.id
    )
  }

  static func response(_ changed: SubscriptionSummary) -> Helium_Telecom_V1_StartNextPackageResponse
  {
    .with { $0.subscription = .init(own: changed) }
  }
}

extension ListDevices: RPC {
  static let method = Helium_Telecom_V1_SubscriptionService.Method.ListDevices.descriptor

  init(_ request: Helium_Telecom_V1_ListDevicesRequest, by customer: Customer) throws {
    self.init(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      account: customer.id,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ devices: SubscriptionDevices) -> Helium_Telecom_V1_ListDevicesResponse {
    .with {
      $0.devices = devices.page.items.map(Helium_Telecom_V1_SubscriptionDevice.init)
      $0.nextPageToken = devices.page.nextToken
      $0.hwidLimit = devices.limit ?? 0
    }
  }
}

extension RemoveDevice: RPC {
  typealias Response = Helium_Telecom_V1_RemoveDeviceResponse

  static let method = Helium_Telecom_V1_SubscriptionService.Method.RemoveDevice.descriptor

  init(_ request: Helium_Telecom_V1_RemoveDeviceRequest, by customer: Customer) throws {
    try self.init(
      subscription: Subscription.ID(request.subscriptionID, field: "subscription_id"),
      account: customer.id,
      hwid: request.hwid
    )
  }
}

extension ResetLink: RPC {
  static let method = Helium_Telecom_V1_SubscriptionService.Method.ResetLink.descriptor

  init(_ request: Helium_Telecom_V1_ResetLinkRequest, by customer: Customer) throws {
    self.init(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      account: customer.id
    )
  }

  static func response(_ changed: SubscriptionSummary) -> Helium_Telecom_V1_ResetLinkResponse {
    .with { $0.subscription = .init(own: changed) }
  }
}

extension RotateCredential: RPC {
  static let method = Helium_Telecom_V1_SubscriptionService.Method.RotateCredential.descriptor

  init(_ request: Helium_Telecom_V1_RotateCredentialRequest, by customer: Customer) throws {
    self.init(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      account: customer.id
    )
  }

  static func response(_ changed: SubscriptionSummary) -> Helium_Telecom_V1_RotateCredentialResponse
  {
    .with { $0.subscription = .init(own: changed) }
  }
}
