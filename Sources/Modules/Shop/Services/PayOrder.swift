import Contracts
import Platform

/// Pays an order from the account's wallet; what it bought is then delivered.
struct PayOrder: CustomerOperation {
  static let repeats = Repeats.firstAnswer

  let id: Order.ID
  let account: Account.ID

  func perform(in shop: InTransaction<Shop>) async throws -> CustomerOrder {
    let now = shop.clock.now
    guard
      let paid = try await shop.process(
        CustomerOrder.MarkPaid(paidAt: now, id: id, accountID: account)
      )
    else {
      throw try await shop.process(FindOrderOfAccount(id: id, account: account)).refusalOfPayment(
        at: now
      )
    }
    let price = Money(minorUnits: paid.price, paid.currency)
    if price.isPositive {
      _ = try await shop.process(
        DebitWallet(
          account: account,
          amount: price,
          kind: .orderPayment,
          reference: id.uuid,
          reason: "order \(id)"
        )
      )
    }
    let packages = try await shop.process(CustomerOrder.ListPackages(orderID: id)).map {
      PurchasedPackage(series: $0.series, amount: Int($0.amount))
    }
    guard !packages.isEmpty else { throw OrderError.nothingToDeliver }
    try await shop.publish(
      OrderPaid(
        order: id,
        account: account,
        subscription: paid.subscriptionID,
        packages: packages,
        total: price,
        paidAt: now
      )
    )
    return try await shop.process(FindOrderOfAccount(id: id, account: account))
  }
}
