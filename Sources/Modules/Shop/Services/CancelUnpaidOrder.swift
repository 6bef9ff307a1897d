import Contracts
import Platform

/// Cancels any order that waits for its payment, for operators.
struct CancelUnpaidOrder: AdminOperation {
  static let permission = Permission("shop.order.cancel", .moderators)

  let id: Order.ID

  var target: AuditTarget { AuditTarget("order", id.description) }

  func perform(
    in shop: InTransaction<Shop>,
    as admin: Authorized<Self>
  ) async throws -> CustomerOrder {
    guard try await shop.process(CustomerOrder.Find(id: id)) != nil else { throw NotFound("order") }
    try await shop.process(CancelOrder(id: id, reason: .admin))
    guard let row = try await shop.process(CustomerOrder.Find(id: id)) else {
      throw NotFound("order")
    }
    return CustomerOrder(row)
  }
}
