import Contracts
import Platform
import ShopProtos
import SwiftProtobuf
import WireValues

extension Product.Terms {
  init(_ message: Helium_Shop_V1_ProductTerms) throws {
    self.init(
      title: message.title,
      description: message.description_p,
      price: try Money(message.price, field: "terms.price"),
      packages: try message.packages.enumerated().map { index, package in
        PurchasedPackage(
          series: try .init(package.seriesID, field: "terms.packages[\(index)].series_id"),
          amount: Int(package.amount)
        )
      },
      stock: message.hasStock ? Int(message.stock) : nil,
      perAccountLimit: message.hasPerAccountLimit ? Int(message.perAccountLimit) : nil,
      isOnSale: message.onSale,
      isPrivate: message.private,
      sortOrder: Int(message.sortOrder)
    )
  }
}

extension ChangeProductStock.Change {
  init(_ change: Helium_Shop_V1_ChangeProductStockRequest.OneOf_Change?) throws(InvalidInput) {
    switch change {
    case .add(let pieces): self = .add(pieces)
    case .set(let pieces): self = .set(pieces)
    case .unlimited(true): self = .unlimited
    case .unlimited(false):
      throw InvalidInput("unlimited", "must be true; to set a number, use set")
    case nil: throw InvalidInput("change", "must be add, set or unlimited")
    }
  }
}

extension Helium_Shop_V1_Product {
  init(_ product: Product) {
    self.init()
    id = product.id.description
    terms = .init(product.terms)
  }
}

extension Helium_Shop_V1_ProductTerms {
  init(_ terms: Product.Terms) {
    self.init()
    title = terms.title
    description_p = terms.description
    price = .init(terms.price)
    packages = terms.packages.map { package in
      .with {
        $0.seriesID = package.series.description
        $0.amount = Int32(package.amount)
      }
    }
    if let stock = terms.stock { self.stock = Int32(stock) }
    if let limit = terms.perAccountLimit { perAccountLimit = Int32(limit) }
    onSale = terms.isOnSale
    `private` = terms.isPrivate
    sortOrder = Int32(terms.sortOrder)
  }
}
