import Contracts
import Platform

/// Replaces all terms of a product except its stock. Orders change the stock in the meantime, and
/// an operator's form would undo that. Existing orders keep their terms.
struct UpdateProduct: AdminOperation {
  static let permission = Permission("shop.product.update", .moderators)

  let id: Product.ID
  let terms: Product.Terms

  var target: AuditTarget { AuditTarget("product", id.description) }

  func perform(in shop: InTransaction<Shop>, as admin: Authorized<Self>) async throws -> Product {
    try await shop.module.checkDeliverable(terms)
    let updated = try await shop.process(
      Product.Update(
        title: terms.title,
        description: terms.description,
        price: terms.price.minorUnits,
        currency: terms.price.currency,
        perAccountLimit: terms.perAccountLimit.map(Int32.init),
        onSale: terms.isOnSale,
        private: terms.isPrivate,
        sortOrder: Int32(terms.sortOrder),
        updatedAt: shop.clock.now,
        id: id
      )
    )
    guard updated == 1 else { throw NotFound("product") }
    try await shop.process(Product.DeletePackages(productID: id))
    try await shop.process(Product.InsertPackages(Product(id: id, terms: terms)))
    return try await shop.module.product(id)
  }
}
