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
    let rows = try await shop.process(SelectDemoProducts(series: series))
    let catalogue = Dictionary(rows.map { ($0.series, $0.id) }) { first, _ in first }
    let products = try choices.map { choice in
      guard let product = catalogue[series[choice]] else { throw NotFound("product") }
      return product
    }
    let orders = accounts.map { _ in shop.ids.next(Order.self) }
    let orderIDs = orders.map(\.uuid)
    let deposits = orders.map { _ in shop.ids.next(WalletEntry.self).uuid }
    let payments = orders.map { _ in shop.ids.next(WalletEntry.self).uuid }
    try await shop.process(
      InsertDemoWallets(accountIds: accounts, created: createdAt, productIds: products)
    )
    try await shop.process(
      InsertDemoOrders(
        orderIds: orderIDs,
        accountIds: accounts,
        productIds: products,
        created: createdAt
      )
    )
    try await shop.process(InsertDemoOrderPackages(orderIds: orderIDs))
    try await shop.process(
      InsertDemoWalletEntries(orderIds: orderIDs, depositIds: deposits, paymentIds: payments)
    )
    return orders
  }
}
