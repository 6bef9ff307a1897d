import Contracts
import Platform

/// Puts a product into the catalogue.
struct CreateProduct: AdminOperation {
  static let permission = Permission("shop.product.create")

  let terms: Product.Terms

  var target: AuditTarget { AuditTarget("product", terms.title) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Product {
    let key = try idempotencyKey(of: admin)
    return try await shop.transaction { shop, transaction in
      try await transaction.idempotently(key, request: terms, at: shop.clock.now) {
        try await create(in: shop, transaction)
      }
    }
  }

  private func create(in shop: Shop, _ transaction: Transaction) async throws -> Product {
    try await shop.checkDeliverable(terms)
    let product = Product(id: shop.ids.next(), terms: terms)
    try await transaction.process(
      InsertProduct(
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
    try await transaction.process(InsertProductPackages(product))
    return product
  }
}

/// Replaces a product's terms, all but its stock: orders change that meanwhile, and an operator's
/// page would bring back what they took. Orders that were made keep their terms.
struct UpdateProduct: AdminOperation {
  static let permission = Permission("shop.product.update")

  let id: Product.ID
  let terms: Product.Terms

  var target: AuditTarget { AuditTarget("product", id.description) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Product {
    try await shop.transaction { shop, transaction in
      try await shop.checkDeliverable(terms)
      let updated = try await transaction.process(
        UpdateProductRow(
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
      try await transaction.process(DeleteProductPackages(productId: id))
      try await transaction.process(InsertProductPackages(Product(id: id, terms: terms)))
      return try await shop.product(id)
    }
  }
}

/// Changes how many pieces of a product are left.
struct ChangeProductStock: AdminOperation {
  static let permission = Permission("shop.product.change_stock")

  let id: Product.ID
  let change: Change

  enum Change: Hashable, Sendable, Codable {
    /// Adds pieces, or takes some away; it meets what orders take and give back at the same time.
    case add(Int32)
    case set(Int32)
    case unlimited
  }

  init(id: Product.ID, change: Change) throws(InvalidInput) {
    switch change {
    case .set(let pieces) where pieces < 0: throw InvalidInput("set", "must not be negative")
    case .add(0): throw InvalidInput("add", "must not be zero")
    case .set, .add, .unlimited: break
    }
    self.id = id
    self.change = change
  }

  private struct Request: Encodable {
    let id: Product.ID
    let change: Change
  }

  var target: AuditTarget { AuditTarget("product", id.description) }
  var detail: String { "\(change)" }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Product {
    let key = try idempotencyKey(of: admin)
    return try await shop.transaction { shop, transaction in
      try await transaction.idempotently(
        key,
        request: Request(id: id, change: change),
        at: shop.clock.now
      ) {
        let before = try await shop.product(id)
        guard try await apply(in: transaction, at: shop.clock.now) == 1 else {
          throw before.terms.stock == nil ? StockError.unlimited : .outOfRange
        }
        return try await shop.product(id)
      }
    }
  }

  private func apply(in transaction: Transaction, at now: Instant) async throws -> Int {
    switch change {
    case .add(let pieces):
      try await transaction.process(AddToProductStock(pieces: pieces, updatedAt: now, id: id))
    case .set(let pieces):
      try await transaction.process(SetProductStock(stock: pieces, updatedAt: now, id: id))
    case .unlimited:
      try await transaction.process(SetProductStock(stock: nil, updatedAt: now, id: id))
    }
  }

  /// Why pieces could not be added or taken away.
  enum StockError: String, DomainError {
    case unlimited
    /// Less than nothing would be left, or more than can be counted.
    case outOfRange

    var kind: FailureKind { .failedPrecondition }
    var reason: String { "STOCK_\(rawValue.upperSnakeCase)" }
  }
}

extension Shop {
  /// Every package that a product names must exist.
  fileprivate func checkDeliverable(_ terms: Product.Terms) async throws {
    try terms.validate()
    let known = try await packages.deliverable(terms.packages.map(\.series), in: database)
    let violations = terms.packages.enumerated().filter { !known.contains($0.element.series) }.map {
      FieldViolation(
        field: "terms.packages[\($0.offset)].series_id",
        description: "names no package"
      )
    }
    try violations.throwIfAny()
  }
}

extension InsertProductPackages {
  fileprivate init(_ product: Product) {
    let packages = product.terms.packages
    self.init(
      productId: product.id,
      lines: packages.indices.map(Int32.init),
      series: packages.map(\.series),
      amounts: packages.map { Int32($0.amount) }
    )
  }
}
