import Contracts
import GRPCCore
import Platform
import ShopProtos
import SwiftProtobuf
import WireValues

/// Serves `helium.shop.v1.OrderService`.
struct OrderRPC: Helium_Shop_V1_OrderService.SimpleServiceProtocol {
  let shop: Shop

  func createOrder(
    request: Helium_Shop_V1_CreateOrderRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_CreateOrderResponse {
    let customer = try Caller.account()
    let order = try await shop.process(
      CreateOrder(
        account: customer.id,
        product: Product.ID(request.productID, field: "product_id"),
        subscription: request.subscriptionID.isEmpty
          ? nil : Subscription.ID(request.subscriptionID, field: "subscription_id"),
        key: IdempotencyKey(caller: customer.id, method: "CreateOrder")
      )
    )
    return .with { $0.order = .init(order) }
  }

  func payOrder(request: Helium_Shop_V1_PayOrderRequest, context: ServerContext) async throws
    -> Helium_Shop_V1_PayOrderResponse
  {
    let customer = try Caller.account()
    let order = try await shop.process(
      PayOrder(
        id: Order.ID(request.id, field: "id"),
        account: customer.id,
        key: IdempotencyKey(caller: customer.id, method: "PayOrder")
      )
    )
    return .with { $0.order = .init(order) }
  }

  func cancelOrder(
    request: Helium_Shop_V1_CancelOrderRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_CancelOrderResponse {
    let order = try await shop.process(
      CancelOwnOrder(id: Order.ID(request.id, field: "id"), account: Caller.account().id)
    )
    return .with { $0.order = .init(order) }
  }

  func getOrder(request: Helium_Shop_V1_GetOrderRequest, context: ServerContext) async throws
    -> Helium_Shop_V1_GetOrderResponse
  {
    let order = try await shop.process(
      FindOrderOfAccount(id: Order.ID(request.id, field: "id"), account: Caller.account().id)
    )
    return .with { $0.order = .init(order) }
  }

  func listOrders(request: Helium_Shop_V1_ListOrdersRequest, context: ServerContext) async throws
    -> Helium_Shop_V1_ListOrdersResponse
  {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let orders = try await shop.process(ListOrders(account: Caller.account().id, page: page))
    return .with {
      $0.orders = orders.items.map(Helium_Shop_V1_Order.init)
      $0.nextPageToken = orders.nextToken
    }
  }
}

/// Serves `helium.shop.v1.OrderAdminService`.
struct OrderAdminRPC: Helium_Shop_V1_OrderAdminService.SimpleServiceProtocol {
  let shop: Shop

  func inspectOrder(
    request: Helium_Shop_V1_InspectOrderRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_InspectOrderResponse {
    let order = try await shop.process(
      InspectOrder(id: Order.ID(request.id, field: "id")),
      as: Caller.admin()
    )
    return .with { $0.order = .init(order) }
  }

  func listAllOrders(
    request: Helium_Shop_V1_ListAllOrdersRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_ListAllOrdersResponse {
    let list = ListAllOrders(
      account: request.accountID.isEmpty
        ? nil : try Account.ID(request.accountID, field: "account_id"),
      product: request.productID.isEmpty
        ? nil : try Product.ID(request.productID, field: "product_id"),
      status: try CustomerOrder.Status(request.status, field: "status"),
      from: request.hasFromTime ? try Instant(request.fromTime, field: "from_time") : nil,
      until: request.hasUntilTime ? try Instant(request.untilTime, field: "until_time") : nil,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let orders = try await shop.process(list, as: Caller.admin())
    return .with {
      $0.orders = orders.items.map(Helium_Shop_V1_Order.init)
      $0.nextPageToken = orders.nextToken
    }
  }

  func cancelUnpaidOrder(
    request: Helium_Shop_V1_CancelUnpaidOrderRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_CancelUnpaidOrderResponse {
    let order = try await shop.process(
      CancelOrderAsAdmin(id: Order.ID(request.id, field: "id")),
      as: Caller.admin()
    )
    return .with { $0.order = .init(order) }
  }
}
