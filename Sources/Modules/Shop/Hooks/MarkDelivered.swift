import Contracts
import Platform

/// Closes an order once what it bought is in the customer's queue.
struct MarkDelivered: EventHandler {
  func handle(_ event: OrderDelivered, in shop: InTransaction<Shop>) async throws {
    // No row: it is delivered already, or refunded meanwhile.
    _ = try await shop.process(
      CustomerOrder.MarkDelivered(deliveredAt: shop.clock.now, id: event.order)
    )
  }
}
