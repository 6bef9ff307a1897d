import Contracts
import Platform

/// The products that customers see, in the shop's order.
struct ListProducts: Operation {
  let page: PageRequest
  var onlyListed = true

  func perform(in shop: Shop) async throws -> Page<Product> {
    let after = try page.cursor(ProductCursor.self) ?? ProductCursor(sortOrder: .min, id: .first)
    let rows = try await shop.database.process(
      Product.List(
        onlyListed: onlyListed,
        afterSortOrder: after.sortOrder,
        afterID: after.id,
        rowLimit: Int32(page.size + 1)
      )
    )
    let packages = try await shop.packages(of: rows.map(\.id))
    let products = rows.map { Product($0, packages: packages[$0.id] ?? []) }
    return try Page(products, page) {
      ProductCursor(sortOrder: Int32($0.terms.sortOrder), id: $0.id)
    }
  }
}

/// Where a list of products goes on.
private struct ProductCursor: Codable {
  let sortOrder: Int32
  let id: Product.ID
}

/// One product that is on sale, listed or not.
struct FindProductOnSale: Operation {
  let id: Product.ID

  func perform(in shop: Shop) async throws -> Product {
    let product = try await shop.product(id)
    guard product.terms.isOnSale else { throw NotFound("product") }
    return product
  }
}

/// Every product, for operators.
struct ListAllProducts: AdminOperation {
  static let permission = Permission("shop.product.list")

  let page: PageRequest

  var target: AuditTarget { AuditTarget("product", "") }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Page<Product> {
    try await shop.process(ListProducts(page: page, onlyListed: false))
  }
}

extension Shop {
  /// A product as it is now.
  func product(_ id: Product.ID) async throws -> Product {
    guard let row = try await database.process(Product.Find(id: id)) else {
      throw NotFound("product")
    }
    return Product(row, packages: try await packages(of: [id])[id] ?? [])
  }

  /// What products deliver, by product.
  func packages(of products: [Product.ID]) async throws -> [Product.ID: [PurchasedPackage]] {
    guard !products.isEmpty else { return [:] }
    let rows = try await database.process(Product.ListPackages(productIDs: products))
    return Dictionary(grouping: rows, by: \.productID).mapValues { rows in
      rows.map { PurchasedPackage(series: $0.series, amount: Int($0.amount)) }
    }
  }
}
