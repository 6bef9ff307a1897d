import Platform
import ShopProtos
import SwiftProtobuf
import WireValues

extension CustomerOrder.Status {
  /// Nil: unspecified, which matches everything.
  init?(_ status: Helium_Shop_V1_OrderStatus, field: String) throws(InvalidInput) {
    switch status {
    case .unpaid: self = .unpaid
    case .paid: self = .paid
    case .delivered: self = .delivered
    case .cancelled: self = .cancelled
    case .refunding: self = .refunding
    case .refunded: self = .refunded
    case .unspecified: return nil
    case .UNRECOGNIZED: throw InvalidInput(field, "must be one of the states")
    }
  }
}

extension Helium_Shop_V1_OrderStatus {
  init(_ status: CustomerOrder.Status) {
    switch status {
    case .unpaid: self = .unpaid
    case .paid: self = .paid
    case .delivered: self = .delivered
    case .cancelled: self = .cancelled
    case .refunding: self = .refunding
    case .refunded: self = .refunded
    }
  }
}

extension Helium_Shop_V1_Order {
  init(_ order: CustomerOrder) {
    self.init()
    id = order.id.description
    accountID = order.account.description
    productID = order.product.description
    subscriptionID = order.subscription?.description ?? ""
    title = order.title
    price = .init(order.price)
    status = .init(order.status)
    createTime = .init(order.createdAt)
    payUntilTime = .init(order.payUntil)
    if let at = order.paidAt { payTime = .init(at) }
    if let at = order.deliveredAt { deliverTime = .init(at) }
    if let at = order.cancelledAt { cancelTime = .init(at) }
    switch order.cancelReason {
    case .customer: cancelReason = .customer
    case .admin: cancelReason = .admin
    case .timeout: cancelReason = .timeout
    case nil: break
    }
  }
}
