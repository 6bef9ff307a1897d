import Contracts
import Platform

/// Cancels an order of the calling account.
struct CancelOwnOrder: CustomerOperation {
  let id: Order.ID
  let account: Account.ID

  func perform(in shop: InTransaction<Shop>) async throws -> CustomerOrder {
    _ = try await shop.process(FindOrderOfAccount(id: id, account: account))
    try await shop.process(CancelOrder(id: id, reason: .customer))
    return try await shop.process(FindOrderOfAccount(id: id, account: account))
  }
}
