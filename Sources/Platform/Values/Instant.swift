import FoundationEssentials
package import Postgres

/// A point in time, in whole microseconds since 1970-01-01T00:00:00Z.
package struct Instant: Hashable, Sendable {
  package let microseconds: Int64

  package init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  package init(seconds: Int64) {
    microseconds = seconds * 1_000_000
  }

  /// Whole seconds since 1970, rounded down.
  package var seconds: Int64 {
    microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000
  }

  /// The whole seconds in UTC, e.g. `2026-01-15T12:00:00Z`. Source: ISO 8601.
  package var iso8601: String {
    Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
  }

  package static func + (instant: Instant, duration: Duration) -> Instant {
    Instant(microseconds: instant.microseconds + duration.microseconds)
  }

  package static func - (instant: Instant, duration: Duration) -> Instant {
    Instant(microseconds: instant.microseconds - duration.microseconds)
  }

  package static func - (later: Instant, earlier: Instant) -> Duration {
    .microseconds(later.microseconds - earlier.microseconds)
  }
}

extension Duration {
  /// Whole microseconds, rounded towards zero.
  package var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }

  /// Seconds as a floating point number, for metrics.
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

extension Instant: Comparable {
  package static func < (earlier: Instant, later: Instant) -> Bool {
    earlier.microseconds < later.microseconds
  }
}

extension Instant: Codable {
  package init(from decoder: any Decoder) throws {
    microseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(microseconds)
  }
}

extension Instant: PostgresEncodable, PostgresDecodable {
  package static var postgresType: PostgresType { .timestamptz }

  package func encode(into bytes: inout [UInt8]) {
    PostgresTimestamp(microseconds: microseconds).encode(into: &bytes)
  }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    microseconds = try PostgresTimestamp(postgres: bytes, type: type).microseconds
  }
}

extension Instant: PostgresArrayElement {
  package static var postgresArrayType: PostgresType { PostgresTimestamp.postgresArrayType }
}
