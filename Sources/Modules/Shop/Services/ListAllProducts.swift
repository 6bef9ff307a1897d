import Contracts
import Platform

/// Every product, for operators.
struct ListAllProducts: AdminOperation {
  static let permission = Permission("shop.product.list", .support)

  let page: PageRequest

  var target: AuditTarget { AuditTarget("product", "") }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Page<Product> {
    try await shop.process(ListProducts(page: page, onlyListed: false))
  }
}
