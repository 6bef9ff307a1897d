import Contracts
import Platform

/// Puts a product into the catalogue.
struct CreateProduct: AdminOperation {
  static let permission = Permission("shop.product.create")

  let terms: Product.Terms

  var target: AuditTarget { AuditTarget("product", terms.title) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Product {
    try await shop.transaction { shop, transaction in
      try await shop.checkDeliverable(terms)
      let product = Product(id: shop.ids.next(), terms: terms)
      try await transaction.process(
        InsertProduct(
          id: product.id, title: terms.title, description: terms.description, price: terms.price.minorUnits,
          currency: terms.price.currency, stock: terms.stock.map(Int32.init), perAccountLimit: terms.perAccountLimit.map(Int32.init),
          onSale: terms.isOnSale, private: terms.isPrivate, sortOrder: Int32(terms.sortOrder), createdAt: shop.clock.now))
      try await transaction.process(InsertProductPackages(product))
      return product
    }
  }
}

/// Replaces a product's terms. Orders that were made keep theirs.
struct UpdateProduct: AdminOperation {
  static let permission = Permission("shop.product.update")

  let id: Product.ID
  let terms: Product.Terms

  var target: AuditTarget { AuditTarget("product", id.description) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Product {
    try await shop.transaction { shop, transaction in
      try await shop.checkDeliverable(terms)
      let product = Product(id: id, terms: terms)
      let updated = try await transaction.process(
        UpdateProductRow(
          title: terms.title, description: terms.description, price: terms.price.minorUnits, currency: terms.price.currency,
          stock: terms.stock.map(Int32.init), perAccountLimit: terms.perAccountLimit.map(Int32.init), onSale: terms.isOnSale,
          private: terms.isPrivate, sortOrder: Int32(terms.sortOrder), updatedAt: shop.clock.now, id: id))
      guard updated == 1 else { throw NotFound("product") }
      try await transaction.process(DeleteProductPackages(productId: id))
      try await transaction.process(InsertProductPackages(product))
      return product
    }
  }
}

extension Shop {
  /// Every package that a product names must exist.
  fileprivate func checkDeliverable(_ terms: Product.Terms) async throws {
    try terms.validate()
    let known = try await packages.deliverable(terms.packages.map(\.series), in: database)
    let violations = terms.packages.enumerated().filter { !known.contains($0.element.series) }.map {
      FieldViolation(field: "packages[\($0.offset)].series", description: "names no package")
    }
    guard violations.isEmpty else { throw InvalidInput(violations) }
  }
}

extension InsertProductPackages {
  fileprivate init(_ product: Product) {
    let packages = product.terms.packages
    self.init(
      productId: product.id, lines: packages.indices.map(Int32.init), series: packages.map(\.series),
      amounts: packages.map { Int32($0.amount) })
  }
}
