import Contracts
import FieldViolations
package import Platform

/// What the shop sells: a price, and copies of packages.
package struct Product: Identifiable, Hashable, Sendable, Codable {
  package typealias ID = Identifier<Product>

  package let id: ID
  var terms: Terms

  /// What an operator decides about a product.
  struct Terms: Hashable, Sendable, Codable {
    let title: String
    /// Markdown.
    let description: String
    let price: Money
    let packages: [PurchasedPackage]
    /// Nil: unlimited.
    let stock: Int?
    /// How many orders one account may have of it; nil: any number.
    let perAccountLimit: Int?
    let isOnSale: Bool
    /// Not listed; customers who know the id can buy it.
    let isPrivate: Bool
    let sortOrder: Int

    static let longestTitle = 200
    static let longestDescription = 20_000
    /// More kinds of package than this in one product is a mistake.
    static let maxPackages = 20

    /// Names every field that is wrong, as requests call them.
    func validate() throws(InvalidInput) {
      var violations: [FieldViolation] = []
      violations.check(line: title, of: 1...Self.longestTitle, "title")
      violations.check(
        description.count <= Self.longestDescription && !description.contains("\0"),
        "description",
        "must have at most \(Self.longestDescription) characters and no zero bytes"
      )
      violations.check(
        (0...Wallet.largestAmount).contains(price.minorUnits),
        "price.minor_units",
        "must be from 0 to \(Wallet.largestAmount)"
      )
      violations.check(
        (1...Self.maxPackages).contains(packages.count),
        "packages",
        "must name 1 to \(Self.maxPackages) packages"
      )
      for (index, package) in packages.enumerated() {
        violations.check(
          (1...PurchasedPackage.maxCopies).contains(package.amount),
          "packages[\(index)].amount",
          "must be from 1 to \(PurchasedPackage.maxCopies)"
        )
      }
      violations.check(
        packages.reduce(0) { $0 + min(max(0, $1.amount), PurchasedPackage.maxCopies) }
          <= PurchasedPackage.maxCopies,
        "packages",
        "must have at most \(PurchasedPackage.maxCopies) copies in total"
      )
      violations.check(stock.map { $0 >= 0 } ?? true, "stock", "must not be negative")
      violations.check(
        perAccountLimit.map { $0 > 0 } ?? true,
        "per_account_limit",
        "must be positive"
      )
      try violations.inside("terms").throwIfAny()
    }
  }

  /// Whether an account that has `owned` orders of it may order another.
  func checkOrderable(owned: Int) throws(OrderError) {
    guard terms.isOnSale else { throw .notOnSale }
    guard terms.stock != 0 else { throw .soldOut }
    if let limit = terms.perAccountLimit, owned >= limit { throw .limitReached }
  }
}

extension Product {
  init(_ row: Product.Row, packages: [PurchasedPackage]) {
    self.init(
      id: row.id,
      terms: Terms(
        title: row.title,
        description: row.description,
        price: Money(minorUnits: row.price, row.currency),
        packages: packages,
        stock: row.stock.map(Int.init),
        perAccountLimit: row.perAccountLimit.map(Int.init),
        isOnSale: row.onSale,
        isPrivate: row.private,
        sortOrder: Int(row.sortOrder)
      )
    )
  }
}
