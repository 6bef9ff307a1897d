/// An instant as PostgreSQL keeps it (`timestamptz`): whole microseconds, here since
/// 1970-01-01T00:00:00Z.
package struct PostgresTimestamp: Hashable, Comparable, Sendable, PostgresCodable {
  package static var postgresType: PostgresType { .timestamptz }

  /// Between PostgreSQL's epoch, 2000-01-01, and 1970-01-01.
  static let epochOffset: Int64 = 946_684_800_000_000

  /// The server's `infinity`, later than all instants.
  package static let infinity = PostgresTimestamp(microseconds: .max)
  /// The server's `-infinity`, earlier than all instants.
  package static let negativeInfinity = PostgresTimestamp(microseconds: .min)

  package let microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package static func < (a: PostgresTimestamp, b: PostgresTimestamp) -> Bool {
    a.microseconds < b.microseconds
  }

  package func encode(into bytes: inout [UInt8]) {
    guard self != .infinity, self != .negativeInfinity else {
      return bytes.appendBigEndian(microseconds)
    }
    let (value, overflow) = microseconds.subtractingReportingOverflow(Self.epochOffset)
    bytes.appendBigEndian(overflow ? .min : value)
  }

  /// Reads `timestamptz`, and `timestamp` as if it were UTC.
  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    guard type == .timestamptz || type == .timestamp else {
      throw PostgresDecodingError.typeMismatch(column: type, swift: "PostgresTimestamp")
    }
    try bytes.expectLength(8)
    let value: Int64 = bytes.bigEndian()
    guard value != .max, value != .min else {
      microseconds = value
      return
    }
    let (shifted, overflow) = value.addingReportingOverflow(Self.epochOffset)
    if overflow {
      throw PostgresDecodingError.malformed(
        "a timestamp beyond the range of 64-bit microseconds since 1970"
      )
    }
    microseconds = shifted
  }
}

/// A calendar day (`date`), as days since 1970-01-01.
package struct PostgresDate: Hashable, Comparable, Sendable, PostgresCodable {
  package static var postgresType: PostgresType { .date }

  /// Between PostgreSQL's epoch, 2000-01-01, and 1970-01-01.
  static let epochOffset: Int32 = 10_957

  package let days: Int32

  package init(days: Int32) { self.days = days }

  package static func < (a: PostgresDate, b: PostgresDate) -> Bool { a.days < b.days }

  package func encode(into bytes: inout [UInt8]) {
    guard days != .max, days != .min else { return bytes.appendBigEndian(days) }
    let (value, overflow) = days.subtractingReportingOverflow(Self.epochOffset)
    bytes.appendBigEndian(overflow ? .min : value)
  }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    guard type == .date else {
      throw PostgresDecodingError.typeMismatch(column: type, swift: "PostgresDate")
    }
    try bytes.expectLength(4)
    let value: Int32 = bytes.bigEndian()
    guard value != .max, value != .min else {
      days = value
      return
    }
    let (shifted, overflow) = value.addingReportingOverflow(Self.epochOffset)
    if overflow {
      throw PostgresDecodingError.malformed("a date beyond the range of 32-bit days since 1970")
    }
    days = shifted
  }
}

/// A span of time (`interval`). Its three parts are independent: a month is not a fixed number of
/// days, nor a day of hours.
package struct PostgresInterval: Hashable, Sendable, PostgresCodable {
  package static var postgresType: PostgresType { .interval }

  package let months: Int32
  package let days: Int32
  package let microseconds: Int64

  package init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
    self.months = months
    self.days = days
    self.microseconds = microseconds
  }

  package func encode(into bytes: inout [UInt8]) {
    bytes.appendBigEndian(microseconds)
    bytes.appendBigEndian(days)
    bytes.appendBigEndian(months)
  }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    guard type == .interval else {
      throw PostgresDecodingError.typeMismatch(column: type, swift: "PostgresInterval")
    }
    try bytes.expectLength(16)
    microseconds = bytes.bigEndian()
    days = bytes.bigEndian(at: 8)
    months = bytes.bigEndian(at: 12)
  }
}
