package import Contracts
import FoundationEssentials
package import Platform

/// Puts the demo packages on sale, unless they are, and makes sure that the first customer has paid
/// for the largest. Returns that order.
package struct SeedDemoOrder: Operation {
  let account: Account.ID
  let series: [PackageSeries.ID]
  let admin: Admin

  /// `series` is what the products deliver, from the smallest to the largest.
  package init(account: Account.ID, series: [PackageSeries.ID], by admin: Admin) {
    self.account = account
    self.series = series
    self.admin = admin
  }

  private static let titles = ["Standard, 30 days", "Plus, 90 days", "Premium, one year"]
  /// Minor units.
  private static let prices: [Int64] = [499, 2_499, 9_900]

  package func perform(in shop: InTransaction<Shop>) async throws -> Order.ID {
    let currency = try await shop.process(Wallet.FindCurrency()) ?? .eur
    if try await shop.process(DemoData.ListProducts(series: series)).isEmpty {
      try await makeProducts(in: shop, currency)
    }
    if let order = try await shop.process(DemoData.FindOldestOrder(accountID: account)) {
      return order
    }
    guard let product = try await shop.process(DemoData.ListProducts(series: series)).last
    else { throw NotFound("product") }
    // What is left over pays the next order that somebody tries.
    let deposit = Money(minorUnits: product.price * 2, product.currency)
    _ = try await shop.process(
      DepositToWallet(account: account, amount: deposit, reason: "demo data"),
      as: admin
    )
    let order = try await shop.process(
      CreateOrder(account: account, product: product.id, subscription: nil)
    )
    return try await shop.process(PayOrder(id: order.id, account: account)).id
  }

  private func makeProducts(in shop: InTransaction<Shop>, _ currency: Currency) async throws {
    for (index, series) in series.enumerated() where index < Self.titles.count {
      let terms = Product.Terms(
        title: Self.titles[index],
        description: "Part of the demo data.",
        price: Money(minorUnits: Self.prices[index], currency),
        packages: [PurchasedPackage(series: series, amount: 1)],
        stock: nil,
        perAccountLimit: nil,
        isOnSale: true,
        isPrivate: false,
        sortOrder: index
      )
      _ = try await shop.process(CreateProduct(terms: terms), as: admin)
    }
  }
}
