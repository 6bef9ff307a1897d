import Contracts
import Platform

/// Makes an order at the product's present price; it waits for its payment.
struct CreateOrder: CustomerOperation {
  static let repeats = Repeats.firstAnswer

  let account: Account.ID
  let product: Product.ID
  let subscription: Subscription.ID?

  func perform(in shop: InTransaction<Shop>) async throws -> CustomerOrder {
    let settings = shop.settings()
    // An order for somebody else's subscription, or for one that doesn't exist, could never be
    // delivered.
    if let subscription,
      try await !shop.catalog.canDeliver(to: subscription, of: account, in: shop.database)
    {
      throw NotFound("subscription")
    }
    // One order of an account is made at a time, or two could both pass its limits.
    try await shop.process(CustomerOrder.LockUnpaidOfAccount(accountKey: account.description))
    guard let row = try await shop.process(Product.Lock(id: product)) else {
      throw NotFound("product")
    }
    let product = Product(row, packages: try await shop.module.packages(of: [row.id])[row.id] ?? [])
    let counts = try await shop.process(
      CustomerOrder.CountOfAccount(productID: product.id, accountID: account)
    )
    guard counts.unpaid < settings.maxUnpaidOrders else { throw OrderError.tooManyUnpaid }
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
    try await shop.process(
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
    try await shop.process(CustomerOrder.InsertPackages(orderID: order.id, productID: product.id))
    try await shop.process(Product.TakeFromStock(id: product.id))
    return order
  }
}
