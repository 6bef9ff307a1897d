import Contracts
import FoundationEssentials
import GRPCCore
import Platform
import Protos
import Redis
import SwiftProtobuf
import WireValues

/// Serves `helium.telecom.v1.UsageAdminService`.
struct UsageAdminRPC: Helium_Telecom_V1_UsageAdminService.SimpleServiceProtocol {
  let telecom: Telecom
  let redis: RedisClient

  func listSubscriptionUsage(
    request: Helium_Telecom_V1_ListSubscriptionUsageRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListSubscriptionUsageResponse {
    let admin = try Caller.admin()
    let usage = ListUsage(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      node: request.serverID == 0 ? nil : request.serverID,
      time: try UsageTime(request.time, now: telecom.clock.now),
      bucket: try UsageBucket(request.bucket),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let page = try await telecom.process(ListSubscriptionUsage(usage: usage), as: admin)
    return .with {
      $0.usage = page.items.map { Helium_Telecom_V1_Usage($0) }
      $0.nextPageToken = page.nextToken
    }
  }

  func listNodeUsage(
    request: Helium_Telecom_V1_ListNodeUsageRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListNodeUsageResponse {
    let admin = try Caller.admin()
    let usage = ListNodeUsage(
      node: request.serverID,
      time: try UsageTime(request.time, now: telecom.clock.now),
      bucket: try UsageBucket(request.bucket),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let page = try await telecom.process(usage, as: admin)
    return .with {
      $0.usage = page.items.map { row in
        .with {
          $0.usage = Helium_Telecom_V1_Usage(row)
          $0.subscriptions = row.subscriptions
        }
      }
      $0.nextPageToken = page.nextToken
    }
  }

  func listTopSubscriptions(
    request: Helium_Telecom_V1_ListTopSubscriptionsRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListTopSubscriptionsResponse {
    let admin = try Caller.admin()
    let list = ListTopSubscriptions(
      time: try UsageTime(request.time, now: telecom.clock.now),
      limit: try TopLimit(request.limit)
    )
    let rows = try await telecom.process(list, as: admin)
    return .with {
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

  func listTopNodes(
    request: Helium_Telecom_V1_ListTopNodesRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListTopNodesResponse {
    let admin = try Caller.admin()
    let list = ListTopNodes(
      time: try UsageTime(request.time, now: telecom.clock.now),
      limit: try TopLimit(request.limit)
    )
    let rows = try await telecom.process(list, as: admin)
    return .with {
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

  func exportUsage(
    request: Helium_Telecom_V1_ExportUsageRequest,
    response: RPCWriter<Helium_Telecom_V1_ExportUsageResponse>,
    context: ServerContext
  ) async throws {
    let admin = try Caller.admin()
    let time = try UsageTime(request.time, now: telecom.clock.now)
    var export = try await telecom.process(ExportUsage(time: time), as: admin)
    while let lines = try await export.next(in: telecom) {
      try await response.write(.with { $0.csv = Data(lines.utf8) })
    }
  }

  func listOnlineSubscriptions(
    request: Helium_Telecom_V1_ListOnlineSubscriptionsRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListOnlineSubscriptionsResponse {
    let admin = try Caller.admin()
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let devices = NodeDevices(redis: redis, clock: telecom.clock)
    let online = try await telecom.process(
      ListOnlineSubscriptions(devices: devices, page: page),
      as: admin
    )
    return .with {
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

  func listSetAsideTraffic(
    request: Helium_Telecom_V1_ListSetAsideTrafficRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListSetAsideTrafficResponse {
    let admin = try Caller.admin()
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let node = request.serverID == 0 ? nil : request.serverID
    let rows = try await telecom.process(ListSetAsideTraffic(node: node, page: page), as: admin)
    return .with {
      $0.traffic = rows.items.map(Helium_Telecom_V1_SetAsideTraffic.init)
      $0.nextPageToken = rows.nextToken
    }
  }

  func getTrafficHealth(
    request: Helium_Telecom_V1_GetTrafficHealthRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_GetTrafficHealthResponse {
    let admin = try Caller.admin()
    let health = try await telecom.process(
      try GetTrafficHealth(windowSeconds: request.windowSeconds),
      as: admin
    )
    return Helium_Telecom_V1_GetTrafficHealthResponse(health)
  }

  func listRuleHits(
    request: Helium_Telecom_V1_ListRuleHitsRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListRuleHitsResponse {
    let admin = try Caller.admin()
    let list = ListRuleHits(
      node: request.serverID == 0 ? nil : request.serverID,
      subscription: try Subscription.ID(
        optional: request.subscriptionID.isEmpty ? nil : request.subscriptionID,
        field: "subscription_id"
      ),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let rows = try await telecom.process(list, as: admin)
    return .with {
      $0.hits = rows.items.map(Helium_Telecom_V1_RuleHit.init)
      $0.nextPageToken = rows.nextToken
    }
  }
}
