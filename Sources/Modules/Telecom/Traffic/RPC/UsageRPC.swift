import Contracts
import GRPCCore
import Platform
import RPCEdge
import SwiftProtobuf
import TelecomProtos
import WireValues

extension ListOwnUsage: RPC {
  static let method = Helium_Telecom_V1_UsageService.Method.ListUsage.descriptor

  init(_ request: Helium_Telecom_V1_ListUsageRequest, by customer: Customer) throws {
    self.init(
      usage: ListUsage(
        subscription: try Subscription.ID(request.subscriptionID, field: "subscription_id"),
        node: nil,
        time: try UsageTime.Bounds(request.time),
        bucket: try UsageBucket(request.bucket),
        page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
      ),
      account: customer.id
    )
  }

  static func response(_ usage: Page<UsageHours.ListOfSubscription.Row>)
    -> Helium_Telecom_V1_ListUsageResponse
  {
    .with {
      $0.usage = usage.items.map(Helium_Telecom_V1_BilledUsage.init)
      $0.nextPageToken = usage.nextToken
    }
  }
}
