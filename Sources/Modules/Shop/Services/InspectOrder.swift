import Contracts
import Platform

/// One order of any account.
struct InspectOrder: AdminOperation {
  static let permission = Permission("shop.order.inspect", .support)

  let id: Order.ID

  var target: AuditTarget { AuditTarget("order", id.description) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> CustomerOrder {
    guard let row = try await shop.process(CustomerOrder.Find(id: id)) else {
      throw NotFound("order")
    }
    return CustomerOrder(row)
  }
}
