import Contracts
import Platform

/// Cancels an order that waits for its payment, and gives back what it reserved.
struct CancelOrder: Operation {
  let id: Order.ID
  let reason: CustomerOrder.CancelReason

  func perform(in shop: InTransaction<Shop>) async throws {
    let cancelled = try await shop.process(
      CustomerOrder.MarkCancelled(cancelledAt: shop.clock.now, cancelReason: reason, id: id)
    )
    guard let order = cancelled else { throw OrderError.notCancellable }
    if order.holdsStock { try await shop.process(Product.ReturnToStock(id: order.productID)) }
  }
}
