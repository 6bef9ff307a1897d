import Contracts
import Platform

/// Makes an order at the product's present price; it waits for its payment.
struct CreateOrder: Operation {
  let account: Account.ID
  let product: Product.ID
  let subscription: Subscription.ID?
  let key: IdempotencyKey?

  func perform(in shop: Shop) async throws -> CustomerOrder {
    try await shop.transaction { shop, transaction in
      try await transaction.idempotently(
        key,
        request: Request(product: product, subscription: subscription),
        at: shop.clock.now
      ) {
        try await create(in: shop, transaction)
      }
    }
  }

  private struct Request: Encodable {
    let product: Product.ID
    let subscription: Subscription.ID?
  }

  private func create(in shop: Shop, _ transaction: Transaction) async throws -> CustomerOrder {
    let settings = shop.settings()
    // What is paid for somebody else's subscription, or for none, could never be delivered.
    if let subscription,
      try await !shop.packages.canDeliver(to: subscription, of: account, in: transaction.database)
    {
      throw NotFound("subscription")
    }
    // One order of an account is made at a time, or two could both pass its limits.
    try await transaction.process(
      CustomerOrder.LockUnpaidOfAccount(accountKey: account.description)
    )
    guard let row = try await transaction.process(Product.Lock(id: product)) else {
      throw NotFound("product")
    }
    let product = Product(row, packages: try await shop.packages(of: [row.id])[row.id] ?? [])
    let counts = try await transaction.process(
      CustomerOrder.CountOfAccount(productID: product.id, accountID: account)
    )
    guard counts.unpaid < settings.mostUnpaidOrders else { throw OrderError.tooManyUnpaid }
    try product.checkOrderable(owned: Int(counts.ofProduct))
    let now = shop.clock.now
    let order = CustomerOrder(
      id: shop.ids.next(),
      account: account,
      product: product.id,
      subscription: subscription,
      title: product.terms.title,
      price: product.terms.price,
      status: .unpaid,
      createdAt: now,
      payUntil: now + .seconds(settings.orderTimeoutMinutes * 60),
      paidAt: nil,
      deliveredAt: nil,
      cancelledAt: nil,
      cancelReason: nil
    )
    try await transaction.process(
      CustomerOrder.Insert(
        id: order.id,
        accountID: account,
        productID: product.id,
        subscriptionID: subscription,
        title: order.title,
        price: order.price.minorUnits,
        currency: order.price.currency,
        createdAt: now,
        payUntil: order.payUntil,
        holdsStock: product.terms.stock != nil
      )
    )
    try await transaction.process(
      CustomerOrder.InsertPackages(orderID: order.id, productID: product.id)
    )
    try await transaction.process(Product.TakeFromStock(id: product.id))
    return order
  }
}
