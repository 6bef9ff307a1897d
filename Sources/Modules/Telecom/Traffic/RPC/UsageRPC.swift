import Contracts
import GRPCCore
import Platform
import SwiftProtobuf
import TelecomProtos
import WireValues

/// Serves `helium.telecom.v1.UsageService`.
struct UsageRPC: Helium_Telecom_V1_UsageService.SimpleServiceProtocol {
  let telecom: Telecom

  func listUsage(
    request: Helium_Telecom_V1_ListUsageRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListUsageResponse {
    let account = try Caller.account().id
    let usage = ListUsage(
      subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
      node: nil,
      time: try UsageTime(request.time, now: telecom.clock.now),
      bucket: try UsageBucket(request.bucket),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let page = try await telecom.process(ListOwnUsage(usage: usage, account: account))
    return .with {
      $0.usage = page.items.map(Helium_Telecom_V1_BilledUsage.init)
      $0.nextPageToken = page.nextToken
    }
  }
}
