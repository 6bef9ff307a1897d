import Contracts
import Platform

/// The orders of all accounts, the newest first; a filter that is nil lets every order through.
struct ListAllOrders: AdminOperation {
  static let permission = Permission("shop.order.list", .support)

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
    let rows = try await shop.process(
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
