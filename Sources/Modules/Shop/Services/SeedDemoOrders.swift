package import Contracts
package import Platform

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

  package func perform(in shop: InTransaction<Shop>) async throws -> [Order.ID] {
    let rows = try await shop.process(DemoData.ListProducts(series: series))
    let catalogue = Dictionary(rows.map { ($0.series, $0.id) }) { first, _ in first }
    let products = try choices.map { choice in
      guard let product = catalogue[series[choice]] else { throw NotFound("product") }
      return product
    }
    let orders = accounts.map { _ in shop.ids.next(Order.self) }
    let deposits = orders.map { _ in shop.ids.next(WalletEntry.self).uuid }
    let payments = orders.map { _ in shop.ids.next(WalletEntry.self).uuid }
    try await shop.process(
      DemoData.InsertWallets(accountIDs: accounts, created: createdAt, productIDs: products)
    )
    try await shop.process(
      DemoData.InsertOrders(
        orderIDs: orders,
        accountIDs: accounts,
        productIDs: products,
        created: createdAt
      )
    )
    try await shop.process(DemoData.InsertOrderPackages(orderIDs: orders))
    try await shop.process(
      DemoData.InsertWalletEntries(orderIDs: orders, depositIDs: deposits, paymentIDs: payments)
    )
    return orders
  }
}
