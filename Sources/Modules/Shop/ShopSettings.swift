package import FieldViolations
import Platform

/// What an operator may change of the shop at run time.
package struct ShopSettings: ModuleSettings {
  package static let module = "shop"

  /// How long an order waits for its payment, in minutes.
  package var orderTimeoutMinutes = 30
  /// How many orders of one account may wait for payment at a time.
  package var maxUnpaidOrders = 5

  package init() {}

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    orderTimeoutMinutes =
      try container.decodeIfPresent(Int.self, forKey: .orderTimeoutMinutes) ?? orderTimeoutMinutes
    maxUnpaidOrders =
      try container.decodeIfPresent(Int.self, forKey: .maxUnpaidOrders) ?? maxUnpaidOrders
  }

  package enum CodingKeys: String, CodingKey {
    case orderTimeoutMinutes = "order_timeout_minutes"
    case maxUnpaidOrders = "most_unpaid_orders"
  }

  package func violations() -> [FieldViolation] {
    var violations: [FieldViolation] = []
    violations.check(
      (1...10_080).contains(orderTimeoutMinutes),
      "order_timeout_minutes",
      "must be from 1 to 10080 (a week)"
    )
    violations.check(
      (1...1_000).contains(maxUnpaidOrders),
      "most_unpaid_orders",
      "must be from 1 to 1000"
    )
    return violations
  }
}
