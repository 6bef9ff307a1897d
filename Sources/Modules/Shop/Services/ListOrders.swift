import Contracts
import Platform

/// The orders of an account, the newest first.
struct ListOrders: CustomerOperation {
  let account: Account.ID
  let page: PageRequest

  func perform(in shop: Shop) async throws -> Page<CustomerOrder> {
    let rows = try await shop.process(
      CustomerOrder.ListOfAccount(
        accountID: account,
        before: try page.cursor(),
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map { CustomerOrder($0) }, page) { $0.id }
  }
}
