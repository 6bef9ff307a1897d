import Contracts
import Platform

/// An order of an account; another account's looks as if it didn't exist.
struct FindOrderOfAccount: CustomerOperation {
  let id: Order.ID
  let account: Account.ID

  func perform(in shop: Shop) async throws -> CustomerOrder {
    guard let row = try await shop.process(CustomerOrder.Find(id: id)), row.accountID == account
    else { throw NotFound("order") }
    return CustomerOrder(row)
  }
}
