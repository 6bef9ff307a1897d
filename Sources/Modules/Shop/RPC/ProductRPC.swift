import GRPCCore
import Platform
import ShopProtos
import SwiftProtobuf
import WireValues

/// Serves `helium.shop.v1.ProductService`.
struct ProductRPC: Helium_Shop_V1_ProductService.SimpleServiceProtocol {
  let shop: Shop

  func listProducts(
    request: Helium_Shop_V1_ListProductsRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_ListProductsResponse {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let products = try await shop.process(ListProducts(page: page))
    return .with {
      $0.products = products.items.map(Helium_Shop_V1_Product.init)
      $0.nextPageToken = products.nextToken
    }
  }

  func getProduct(request: Helium_Shop_V1_GetProductRequest, context: ServerContext) async throws
    -> Helium_Shop_V1_GetProductResponse
  {
    let product = try await shop.process(FindProductOnSale(id: Product.ID(request.id, field: "id")))
    return .with { $0.product = .init(product) }
  }
}

/// Serves `helium.shop.v1.ProductAdminService`.
struct ProductAdminRPC: Helium_Shop_V1_ProductAdminService.SimpleServiceProtocol {
  let shop: Shop

  func createProduct(
    request: Helium_Shop_V1_CreateProductRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_CreateProductResponse {
    let product = try await shop.process(
      CreateProduct(terms: Product.Terms(request.terms)),
      as: Caller.admin()
    )
    return .with { $0.product = .init(product) }
  }

  func updateProduct(
    request: Helium_Shop_V1_UpdateProductRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_UpdateProductResponse {
    let update = UpdateProduct(
      id: try Product.ID(request.id, field: "id"),
      terms: try Product.Terms(request.terms)
    )
    let product = try await shop.process(update, as: Caller.admin())
    return .with { $0.product = .init(product) }
  }

  func changeProductStock(
    request: Helium_Shop_V1_ChangeProductStockRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_ChangeProductStockResponse {
    let id = try Product.ID(request.id, field: "id")
    let change = try ChangeProductStock(id: id, change: ChangeProductStock.Change(request.change))
    let product = try await shop.process(change, as: Caller.admin())
    return .with { $0.product = .init(product) }
  }

  func listAllProducts(
    request: Helium_Shop_V1_ListAllProductsRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_ListAllProductsResponse {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let products = try await shop.process(ListAllProducts(page: page), as: Caller.admin())
    return .with {
      $0.products = products.items.map(Helium_Shop_V1_Product.init)
      $0.nextPageToken = products.nextToken
    }
  }
}
