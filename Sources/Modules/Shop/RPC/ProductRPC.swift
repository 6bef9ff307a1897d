import GRPCCore
import Platform
import RPCEdge
import ShopProtos
import SwiftProtobuf
import WireValues

extension ListProducts: RPC {
  static let method = Helium_Shop_V1_ProductService.Method.ListProducts.descriptor

  init(_ request: Helium_Shop_V1_ListProductsRequest, by _: Anyone) throws {
    self.init(page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken))
  }

  static func response(_ products: Page<Product>) -> Helium_Shop_V1_ListProductsResponse {
    .with {
      $0.products = products.items.map(Helium_Shop_V1_Product.init)
      $0.nextPageToken = products.nextToken
    }
  }
}

extension FindProductOnSale: RPC {
  static let method = Helium_Shop_V1_ProductService.Method.GetProduct.descriptor

  init(_ request: Helium_Shop_V1_GetProductRequest, by _: Anyone) throws {
    self.init(id: try Product.ID(request.id, field: "id"))
  }

  static func response(_ product: Product) -> Helium_Shop_V1_GetProductResponse {
    .with { $0.product = .init(product) }
  }
}

extension CreateProduct: RPC {
  static let method = Helium_Shop_V1_ProductAdminService.Method.CreateProduct.descriptor

  init(_ request: Helium_Shop_V1_CreateProductRequest, by _: Admin) throws {
    self.init(terms: try Product.Terms(request.terms))
  }

  static func response(_ product: Product) -> Helium_Shop_V1_CreateProductResponse {
    .with { $0.product = .init(product) }
  }
}

extension UpdateProduct: RPC {
  static let method = Helium_Shop_V1_ProductAdminService.Method.UpdateProduct.descriptor

  init(_ request: Helium_Shop_V1_UpdateProductRequest, by _: Admin) throws {
    self.init(
      id: try Product.ID(request.id, field: "id"),
      terms: try Product.Terms(request.terms)
    )
  }

  static func response(_ product: Product) -> Helium_Shop_V1_UpdateProductResponse {
    .with { $0.product = .init(product) }
  }
}

extension ChangeProductStock: RPC {
  static let method = Helium_Shop_V1_ProductAdminService.Method.ChangeProductStock.descriptor

  init(_ request: Helium_Shop_V1_ChangeProductStockRequest, by _: Admin) throws {
    let id = try Product.ID(request.id, field: "id")
    try self.init(id: id, change: Change(request.change))
  }

  static func response(_ product: Product) -> Helium_Shop_V1_ChangeProductStockResponse {
    .with { $0.product = .init(product) }
  }
}

extension ListAllProducts: RPC {
  static let method = Helium_Shop_V1_ProductAdminService.Method.ListAllProducts.descriptor

  init(_ request: Helium_Shop_V1_ListAllProductsRequest, by _: Admin) throws {
    self.init(page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken))
  }

  static func response(_ products: Page<Product>) -> Helium_Shop_V1_ListAllProductsResponse {
    .with {
      $0.products = products.items.map(Helium_Shop_V1_Product.init)
      $0.nextPageToken = products.nextToken
    }
  }
}
