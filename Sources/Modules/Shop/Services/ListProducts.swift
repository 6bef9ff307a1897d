import Contracts
import Platform

/// The products that customers see, in the shop's order.
struct ListProducts: PublicOperation {
  let page: PageRequest
  var onlyListed = true

  func perform(in shop: Shop) async throws -> Page<Product> {
    let after = try page.cursor(ProductCursor.self) ?? ProductCursor(sortOrder: .min, id: .first)
    let rows = try await shop.process(
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

extension Shop {
  /// A product as it is now.
  func product(_ id: Product.ID) async throws -> Product {
    guard let row = try await process(Product.Find(id: id)) else {
      throw NotFound("product")
    }
    return Product(row, packages: try await packages(of: [id])[id] ?? [])
  }

  /// What products deliver, by product.
  func packages(of products: [Product.ID]) async throws -> [Product.ID: [PurchasedPackage]] {
    guard !products.isEmpty else { return [:] }
    let rows = try await process(Product.ListPackages(productIDs: products))
    return Dictionary(grouping: rows, by: \.productID).mapValues { rows in
      rows.map { PurchasedPackage(series: $0.series, amount: Int($0.amount)) }
    }
  }
}
