/// Computes billed bytes from raw bytes.
enum TrafficBilling {
  /// Ten gigabits per second for an hour, the longest push interval. More in one direction of a
  /// report can't be real.
  static let maxRawBytes: Int64 = 1 << 42

  /// `raw` times the factor, computed exactly and then rounded, with half a byte rounded up.
  /// Saturates at the largest number.
  static func billed(_ raw: Int64, factorThousandths: Int32) -> Int64 {
    let product = UInt64(raw.magnitude).multipliedFullWidth(by: UInt64(factorThousandths.magnitude))
    let (low, carry) = product.low.addingReportingOverflow(500)
    let high = product.high + (carry ? 1 : 0)
    guard high < 1_000 else { return .max }
    return Int64(clamping: UInt64(1_000).dividingFullWidth((high, low)).quotient)
  }
}

extension Int64 {
  /// The sum of numbers that aren't negative, at most the largest number.
  func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product of numbers that aren't negative, at most the largest number.
  func multipliedSaturated(by other: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
