/// What raw bytes are billed as.
enum TrafficBilling {
  /// Ten gigabits a second for the longest push interval, an hour: more in one direction of one
  /// report is no measurement.
  static let mostRawBytes: Int64 = 1 << 42

  /// `raw` times the factor, exact, then rounded once: half a byte up. Stops at the largest number.
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
