import AgentProtocols
import Contracts
import FoundationEssentials
import GRPCCore
import Platform
import RPCEdge
import SwiftProtobuf
import TelecomProtos
import WireValues

extension ListSubscriptionUsage: RPC {
  static let method = Helium_Telecom_V1_UsageAdminService.Method.ListSubscriptionUsage.descriptor

  init(_ request: Helium_Telecom_V1_ListSubscriptionUsageRequest, by _: Admin) throws {
    self.init(
      usage: ListUsage(
        subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
        node: request.serverID == 0 ? nil : request.serverID,
        time: try UsageTime.Bounds(request.time),
        bucket: try UsageBucket(request.bucket),
        page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
      )
    )
  }

  static func response(_ usage: Page<UsageHours.ListOfSubscription.Row>)
    -> Helium_Telecom_V1_ListSubscriptionUsageResponse
  {
    .with {
      $0.usage = usage.items.map { .init($0) }
      $0.nextPageToken = usage.nextToken
    }
  }
}

extension ListNodeUsage: RPC {
  static let method = Helium_Telecom_V1_UsageAdminService.Method.ListNodeUsage.descriptor

  init(_ request: Helium_Telecom_V1_ListNodeUsageRequest, by _: Admin) throws {
    self.init(
      node: request.serverID,
      time: try UsageTime.Bounds(request.time),
      bucket: try UsageBucket(request.bucket),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ usage: Page<UsageHours.ListOfNode.Row>)
    -> Helium_Telecom_V1_ListNodeUsageResponse
  {
    .with {
      $0.usage = usage.items.map { row in
        .with {
          $0.usage = .init(row)
          $0.subscriptions = row.subscriptions
        }
      }
      $0.nextPageToken = usage.nextToken
    }
  }
}

extension ListTopSubscriptions: RPC {
  static let method = Helium_Telecom_V1_UsageAdminService.Method.ListTopSubscriptions.descriptor

  init(_ request: Helium_Telecom_V1_ListTopSubscriptionsRequest, by _: Admin) throws {
    self.init(time: try UsageTime.Bounds(request.time), limit: try TopLimit(request.limit))
  }

  static func response(_ rows: [UsageHours.TopSubscriptions.Row])
    -> Helium_Telecom_V1_ListTopSubscriptionsResponse
  {
    .with {
      $0.subscriptions = rows.map { row in
        .with {
          $0.subscriptionID = row.subscriptionID.description
          $0.accountID = row.accountID.description
          $0.nodeUserID = row.nodeUserID
          $0.rawBytes = row.rawBytes
          $0.billedBytes = row.billedBytes
        }
      }
    }
  }
}

extension ListTopNodes: RPC {
  static let method = Helium_Telecom_V1_UsageAdminService.Method.ListTopNodes.descriptor

  init(_ request: Helium_Telecom_V1_ListTopNodesRequest, by _: Admin) throws {
    self.init(time: try UsageTime.Bounds(request.time), limit: try TopLimit(request.limit))
  }

  static func response(_ rows: [UsageHours.TopNodes.Row]) -> Helium_Telecom_V1_ListTopNodesResponse
  {
    .with {
      $0.nodes = rows.map { row in
        .with {
          $0.serverID = row.nodeID
          $0.name = row.name
          $0.rawBytes = row.rawBytes
          $0.billedBytes = row.billedBytes
          $0.subscriptions = row.subscriptions
        }
      }
    }
  }
}

extension ExportUsage: StreamingRPC {
  static let method = Helium_Telecom_V1_UsageAdminService.Method.ExportUsage.descriptor

  init(_ request: Helium_Telecom_V1_ExportUsageRequest, by _: Admin) throws {
    self.init(time: try UsageTime.Bounds(request.time))
  }

  static func response(_ lines: String) -> Helium_Telecom_V1_ExportUsageResponse {
    .with { $0.csv = Data(lines.utf8) }
  }
}

extension ListOnlineSubscriptions: RPC {
  static let method = Helium_Telecom_V1_UsageAdminService.Method.ListOnlineSubscriptions.descriptor

  init(_ request: Helium_Telecom_V1_ListOnlineSubscriptionsRequest, by _: Admin) throws {
    self.init(page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken))
  }

  static func response(_ online: Answer) -> Helium_Telecom_V1_ListOnlineSubscriptionsResponse {
    .with {
      $0.subscriptions = online.page.items.map { row in
        .with {
          $0.nodeUserID = row.nodeUserID
          $0.subscriptionID = row.subscription.description
          $0.accountID = row.account.description
          $0.addresses = row.addresses
        }
      }
      $0.nextPageToken = online.page.nextToken
      $0.onlineCount = Int32(clamping: online.count)
    }
  }
}

extension ListSetAsideTraffic: RPC {
  static let method = Helium_Telecom_V1_UsageAdminService.Method.ListSetAsideTraffic.descriptor

  init(_ request: Helium_Telecom_V1_ListSetAsideTrafficRequest, by _: Admin) throws {
    self.init(
      node: request.serverID == 0 ? nil : request.serverID,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ rows: Page<TrafficSetAside.List.Row>)
    -> Helium_Telecom_V1_ListSetAsideTrafficResponse
  {
    .with {
      $0.traffic = rows.items.map(Helium_Telecom_V1_SetAsideTraffic.init)
      $0.nextPageToken = rows.nextToken
    }
  }
}

extension GetTrafficHealth: RPC {
  static let method = Helium_Telecom_V1_UsageAdminService.Method.GetTrafficHealth.descriptor

  init(_ request: Helium_Telecom_V1_GetTrafficHealthRequest, by _: Admin) throws {
    try self.init(windowSeconds: request.windowSeconds)
  }

  static func response(_ health: TrafficHealth) -> Helium_Telecom_V1_GetTrafficHealthResponse {
    .init(health)
  }
}

extension ListRuleHits: RPC {
  static let method = Helium_Telecom_V1_UsageAdminService.Method.ListRuleHits.descriptor

  init(_ request: Helium_Telecom_V1_ListRuleHitsRequest, by _: Admin) throws {
    self.init(
      node: request.serverID == 0 ? nil : request.serverID,
      subscription: try Subscription.ID(
        optional: request.subscriptionID.isEmpty ? nil : request.subscriptionID,
        field: "subscription_id"
      ),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ rows: Page<RuleHits.List.Row>) -> Helium_Telecom_V1_ListRuleHitsResponse {
    .with {
      $0.hits = rows.items.map(Helium_Telecom_V1_RuleHit.init)
      $0.nextPageToken = rows.nextToken
    }
  }
}
