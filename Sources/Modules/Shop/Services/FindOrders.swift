import Contracts
import Platform

/// An order of an account; another account's looks as if it didn't exist.
struct FindOrderOfAccount: Operation {
  let id: Order.ID
  let account: Account.ID

  func perform(in shop: Shop) async throws -> CustomerOrder {
    guard let row = try await shop.database.process(CustomerOrder.Find(id: id)),
      row.accountID == account
    else { throw NotFound("order") }
    return CustomerOrder(row)
  }
}

/// The orders of an account, the newest first.
struct ListOrders: Operation {
  let account: Account.ID
  let page: PageRequest

  func perform(in shop: Shop) async throws -> Page<CustomerOrder> {
    let rows = try await shop.database.process(
      CustomerOrder.ListOfAccount(
        accountID: account,
        before: try page.cursor(),
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map { CustomerOrder($0) }, page) { $0.id }
  }
}

/// The orders of all accounts, the newest first; a filter that is nil lets every order through.
struct ListAllOrders: AdminOperation {
  static let permission = Permission("shop.order.list")

  var account: Account.ID?
  var product: Product.ID?
  var status: CustomerOrder.Status?
  /// Made at this time or later.
  var from: Instant?
  /// Made before this time.
  var until: Instant?
  var page: PageRequest

  var target: AuditTarget { AuditTarget("order", "") }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Page<CustomerOrder> {
    let rows = try await shop.database.process(
      CustomerOrder.Search(
        before: try page.cursor(),
        ofAccount: account,
        ofProduct: product,
        inStatus: status,
        fromTime: from,
        untilTime: until,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map { CustomerOrder($0) }, page) { $0.id }
  }
}

/// One order of any account.
struct InspectOrder: AdminOperation {
  static let permission = Permission("shop.order.inspect")

  let id: Order.ID

  var target: AuditTarget { AuditTarget("order", id.description) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> CustomerOrder {
    guard let row = try await shop.database.process(CustomerOrder.Find(id: id)) else {
      throw NotFound("order")
    }
    return CustomerOrder(row)
  }
}
