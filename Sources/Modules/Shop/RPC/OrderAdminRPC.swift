import Contracts
import GRPCCore
import Platform
import RPCEdge
import ShopProtos
import SwiftProtobuf
import WireValues

extension InspectOrder: RPC {
  static let method = Helium_Shop_V1_OrderAdminService.Method.InspectOrder.descriptor

  init(_ request: Helium_Shop_V1_InspectOrderRequest, by _: Admin) throws {
    self.init(id: try Order.ID(request.id, field: "id"))
  }

  static func response(_ order: CustomerOrder) -> Helium_Shop_V1_InspectOrderResponse {
    .with { $0.order = .init(order) }
  }
}

extension CancelUnpaidOrder: RPC {
  static let method = Helium_Shop_V1_OrderAdminService.Method.CancelUnpaidOrder.descriptor

  init(_ request: Helium_Shop_V1_CancelUnpaidOrderRequest, by _: Admin) throws {
    self.init(id: try Order.ID(request.id, field: "id"))
  }

  static func response(_ order: CustomerOrder) -> Helium_Shop_V1_CancelUnpaidOrderResponse {
    .with { $0.order = .init(order) }
  }
}

extension ListAllOrders: RPC {
  static let method = Helium_Shop_V1_OrderAdminService.Method.ListAllOrders.descriptor

  init(_ request: Helium_Shop_V1_ListAllOrdersRequest, by _: Admin) throws {
    self.init(
      account: request.accountID.isEmpty
        ? nil : try Account.ID(request.accountID, field: "account_id"),
      product: request.productID.isEmpty
        ? nil : try Product.ID(request.productID, field: "product_id"),
      status: try CustomerOrder.Status(request.status, field: "status"),
      from: request.hasFromTime ? try Instant(request.fromTime, field: "from_time") : nil,
      until: request.hasUntilTime ? try Instant(request.untilTime, field: "until_time") : nil,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ orders: Page<CustomerOrder>) -> Helium_Shop_V1_ListAllOrdersResponse {
    .with {
      $0.orders = orders.items.map(Helium_Shop_V1_Order.init)
      $0.nextPageToken = orders.nextToken
    }
  }
}
