import Platform

/// What an order bought is in the subscription's queue.
package struct OrderDelivered: Event {
  package static let name = "telecom.order.delivered.v1"

  package let order: Order.ID
  package let subscription: Subscription.ID

  package init(order: Order.ID, subscription: Subscription.ID) {
    self.order = order
    self.subscription = subscription
  }
}
