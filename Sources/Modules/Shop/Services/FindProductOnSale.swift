import Contracts
import Platform

/// One product that is on sale, listed or not.
struct FindProductOnSale: PublicOperation {
  let id: Product.ID

  func perform(in shop: Shop) async throws -> Product {
    let product = try await shop.product(id)
    guard product.terms.isOnSale else { throw NotFound("product") }
    return product
  }
}
