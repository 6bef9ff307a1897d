import Contracts
import GRPCCore
import Platform
import RPCEdge
import ShopProtos
import SwiftProtobuf
import WireValues

extension CreateOrder: RPC {
  static let method = Helium_Shop_V1_OrderService.Method.CreateOrder.descriptor

  init(_ request: Helium_Shop_V1_CreateOrderRequest, by customer: Customer) throws {
    try self.init(
      account: customer.id,
      product: Product.ID(request.productID, field: "product_id"),
      subscription: request.subscriptionID.isEmpty
        ? nil : Subscription.ID(request.subscriptionID, field: "subscription_id")
    )
  }

  static func response(_ order: CustomerOrder) -> Helium_Shop_V1_CreateOrderResponse {
    .with { $0.order = .init(order) }
  }
}

extension PayOrder: RPC {
  static let method = Helium_Shop_V1_OrderService.Method.PayOrder.descriptor

  init(_ request: Helium_Shop_V1_PayOrderRequest, by customer: Customer) throws {
    self.init(id: try Order.ID(request.id, field: "id"), account: customer.id)
  }

  static func response(_ order: CustomerOrder) -> Helium_Shop_V1_PayOrderResponse {
    .with { $0.order = .init(order) }
  }
}

extension CancelOwnOrder: RPC {
  static let method = Helium_Shop_V1_OrderService.Method.CancelOrder.descriptor

  init(_ request: Helium_Shop_V1_CancelOrderRequest, by customer: Customer) throws {
    self.init(id: try Order.ID(request.id, field: "id"), account: customer.id)
  }

  static func response(_ order: CustomerOrder) -> Helium_Shop_V1_CancelOrderResponse {
    .with { $0.order = .init(order) }
  }
}

extension FindOrderOfAccount: RPC {
  static let method = Helium_Shop_V1_OrderService.Method.GetOrder.descriptor

  init(_ request: Helium_Shop_V1_GetOrderRequest, by customer: Customer) throws {
    self.init(id: try Order.ID(request.id, field: "id"), account: customer.id)
  }

  static func response(_ order: CustomerOrder) -> Helium_Shop_V1_GetOrderResponse {
    .with { $0.order = .init(order) }
  }
}

extension ListOrders: RPC {
  static let method = Helium_Shop_V1_OrderService.Method.ListOrders.descriptor

  init(_ request: Helium_Shop_V1_ListOrdersRequest, by customer: Customer) throws {
    self.init(
      account: customer.id,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ orders: Page<CustomerOrder>) -> Helium_Shop_V1_ListOrdersResponse {
    .with {
      $0.orders = orders.items.map(Helium_Shop_V1_Order.init)
      $0.nextPageToken = orders.nextToken
    }
  }
}
