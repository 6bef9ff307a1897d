import Contracts
import FieldViolations
import Platform

/// Puts a product into the catalogue.
struct CreateProduct: AdminOperation {
  static let permission = Permission("shop.product.create", .moderators)
  static let repeats = Repeats.firstAnswer

  let terms: Product.Terms

  var target: AuditTarget { AuditTarget("product", terms.title) }

  func perform(in shop: InTransaction<Shop>, as admin: Authorized<Self>) async throws -> Product {
    try await shop.module.checkDeliverable(terms)
    let product = Product(id: shop.ids.next(), terms: terms)
    try await shop.process(
      Product.Insert(
        id: product.id,
        title: terms.title,
        description: terms.description,
        price: terms.price.minorUnits,
        currency: terms.price.currency,
        stock: terms.stock.map(Int32.init),
        perAccountLimit: terms.perAccountLimit.map(Int32.init),
        onSale: terms.isOnSale,
        private: terms.isPrivate,
        sortOrder: Int32(terms.sortOrder),
        createdAt: shop.clock.now
      )
    )
    try await shop.process(Product.InsertPackages(product))
    return product
  }
}

extension Shop {
  /// Every package that a product names must exist.
  func checkDeliverable(_ terms: Product.Terms) async throws {
    try terms.validate()
    let known = try await catalog.deliverable(terms.packages.map(\.series), in: database)
    let violations = terms.packages.enumerated().filter { !known.contains($0.element.series) }.map {
      FieldViolation(
        "terms.packages[\($0.offset)].series_id",
        "must be the series of a package"
      )
    }
    guard violations.isEmpty else { throw InvalidInput(violations) }
  }
}

extension Product.InsertPackages {
  init(_ product: Product) {
    let packages = product.terms.packages
    self.init(
      productID: product.id,
      lines: packages.indices.map(Int32.init),
      series: packages.map(\.series),
      amounts: packages.map { Int32($0.amount) }
    )
  }
}
