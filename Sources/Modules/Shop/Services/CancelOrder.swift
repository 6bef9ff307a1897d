import Contracts
import Platform

/// Cancels an order that waits for its payment, and gives back what it reserved.
struct CancelOrder: Operation {
  let id: Order.ID
  let reason: CustomerOrder.CancelReason

  func perform(in shop: Shop) async throws {
    try await shop.transaction { shop, transaction in
      let cancelled = try await transaction.process(
        CustomerOrder.MarkCancelled(cancelledAt: shop.clock.now, cancelReason: reason, id: id)
      )
      guard let order = cancelled else { throw OrderError.notCancellable }
      if order.holdsStock {
        try await transaction.process(Product.ReturnToStock(id: order.productID))
      }
    }
  }
}

/// Cancels an order of the calling account.
struct CancelOwnOrder: Operation {
  let id: Order.ID
  let account: Account.ID

  func perform(in shop: Shop) async throws -> CustomerOrder {
    try await shop.transaction { shop, _ in
      _ = try await shop.process(FindOrderOfAccount(id: id, account: account))
      try await shop.process(CancelOrder(id: id, reason: .customer))
      return try await shop.process(FindOrderOfAccount(id: id, account: account))
    }
  }
}

/// Cancels any order that waits for its payment.
struct CancelOrderAsAdmin: AdminOperation {
  static let permission = Permission("shop.order.cancel")

  let id: Order.ID

  var target: AuditTarget { AuditTarget("order", id.description) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> CustomerOrder {
    guard try await shop.database.process(CustomerOrder.Find(id: id)) != nil else {
      throw NotFound("order")
    }
    try await shop.process(CancelOrder(id: id, reason: .admin))
    guard let row = try await shop.database.process(CustomerOrder.Find(id: id)) else {
      throw NotFound("order")
    }
    return CustomerOrder(row)
  }
}
