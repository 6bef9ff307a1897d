import Contracts
import Platform
import Postgres

/// An order: price and contents frozen when it was made.
struct CustomerOrder: Identifiable, Hashable, Sendable, Codable {
  let id: Order.ID
  let account: Account.ID
  let product: Product.ID
  /// Nil: the account's first subscription.
  let subscription: Subscription.ID?
  let title: String
  let price: Money
  let status: Status
  let createdAt: Instant
  let payUntil: Instant
  let paidAt: Instant?
  let deliveredAt: Instant?
  let cancelledAt: Instant?
  let cancelReason: CancelReason?

  /// Unpaid -> Paid -> Delivered; Unpaid -> Cancelled; Paid or Delivered -> Refunding -> Refunded.
  enum Status: String, PostgresCodable, Codable, CaseIterable {
    case unpaid, paid, delivered, cancelled, refunding, refunded
  }

  enum CancelReason: String, PostgresCodable, Codable {
    case customer, admin, timeout
  }

  /// Why an order that could not be paid at `instant` couldn't.
  func refusalOfPayment(at instant: Instant) -> OrderError {
    switch status {
    case .unpaid: payUntil <= instant ? .overdue : .notPayable
    case .paid, .delivered: .alreadyPaid
    case .cancelled: .cancelled
    case .refunding, .refunded: .notPayable
    }
  }
}

/// Why an order could not be made, paid or cancelled.
enum OrderError: String, DomainError {
  case notOnSale, soldOut, limitReached, tooManyUnpaid, nothingToDeliver
  case alreadyPaid, overdue, cancelled, notPayable, notCancellable

  var kind: FailureKind {
    switch self {
    case .tooManyUnpaid: .resourceExhausted
    default: .failedPrecondition
    }
  }

  var reason: String { "ORDER_\(rawValue.upperSnakeCase)" }
}

extension CustomerOrder {
  init(_ row: CustomerOrder.Row) {
    self.init(
      id: row.id,
      account: row.accountID,
      product: row.productID,
      subscription: row.subscriptionID,
      title: row.title,
      price: Money(minorUnits: row.price, row.currency),
      status: row.status,
      createdAt: row.createdAt,
      payUntil: row.payUntil,
      paidAt: row.paidAt,
      deliveredAt: row.deliveredAt,
      cancelledAt: row.cancelledAt,
      cancelReason: row.cancelReason
    )
  }
}
