package import Contracts
import FoundationEssentials
package import Platform

/// Puts the demo packages on sale, unless they are, and sees to it that the first customer has paid
/// for the largest; that order.
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

  package func perform(in shop: Shop) async throws -> Order.ID {
    try await shop.transaction { shop, transaction in
      let currency = try await transaction.process(Wallet.FindCurrency()) ?? .eur
      if try await transaction.process(DemoData.ListProducts(series: series)).isEmpty {
        try await makeProducts(in: shop, currency)
      }
      if let order = try await transaction.process(DemoData.FindOldestOrder(accountID: account)) {
        return order
      }
      guard let product = try await transaction.process(DemoData.ListProducts(series: series)).last
      else { throw NotFound("product") }
      // What is left over pays the next order that somebody tries.
      let deposit = Money(minorUnits: product.price * 2, product.currency)
      _ = try await shop.process(
        DepositToWallet(account: account, amount: deposit, reason: "demo data"),
        as: admin
      )
      let order = try await shop.process(
        CreateOrder(account: account, product: product.id, subscription: nil, key: nil)
      )
      return try await shop.process(PayOrder(id: order.id, account: account, key: nil)).id
    }
  }

  private func makeProducts(in shop: Shop, _ currency: Currency) async throws {
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

/// Gives accounts a wallet, and in it what is left of a deposit after they paid an order, many at
/// once; the orders. Nothing is published.
package struct SeedDemoOrders: Operation {
  let accounts: [Account.ID]
  let createdAt: [Instant]
  let choices: [Int]
  let series: [PackageSeries.ID]

  /// `choices` tells which of `series` each account has bought.
  package init(
    of accounts: [Account.ID],
    createdAt: [Instant],
    choices: [Int],
    series: [PackageSeries.ID]
  ) {
    self.accounts = accounts
    self.createdAt = createdAt
    self.choices = choices
    self.series = series
  }

  package func perform(in shop: Shop) async throws -> [Order.ID] {
    try await shop.transaction { shop, transaction in
      let rows = try await transaction.process(DemoData.ListProducts(series: series))
      let catalogue = Dictionary(rows.map { ($0.series, $0.id) }) { first, _ in first }
      let products = try choices.map { choice in
        guard let product = catalogue[series[choice]] else { throw NotFound("product") }
        return product
      }
      let orders = accounts.map { _ in shop.ids.next(Order.self) }
      let deposits = orders.map { _ in shop.ids.next(WalletEntry.self).uuid }
      let payments = orders.map { _ in shop.ids.next(WalletEntry.self).uuid }
      try await transaction.process(
        DemoData.InsertWallets(accountIDs: accounts, created: createdAt, productIDs: products)
      )
      try await transaction.process(
        DemoData.InsertOrders(
          orderIDs: orders,
          accountIDs: accounts,
          productIDs: products,
          created: createdAt
        )
      )
      try await transaction.process(DemoData.InsertOrderPackages(orderIDs: orders))
      try await transaction.process(
        DemoData.InsertWalletEntries(orderIDs: orders, depositIDs: deposits, paymentIDs: payments)
      )
      return orders
    }
  }
}
