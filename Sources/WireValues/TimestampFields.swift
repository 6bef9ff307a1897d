package import Platform
package import SwiftProtobuf

extension Instant {
  /// The time in a field of a request; throws what is wrong with it. Source: the limits that
  /// `google.protobuf.Timestamp` states.
  package init(_ message: Google_Protobuf_Timestamp, field: String) throws(InvalidInput) {
    guard Self.secondsOfTimestamps.contains(message.seconds),
      (0..<1_000_000_000).contains(message.nanos)
    else {
      throw InvalidInput(
        field,
        "must be a time from the year 1 to 9999, with 0 to 999999999 nanoseconds"
      )
    }
    self = message.instant
  }

  /// From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
  private static let secondsOfTimestamps: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
}
