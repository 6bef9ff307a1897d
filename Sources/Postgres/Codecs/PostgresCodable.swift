/// A value that can be sent to PostgreSQL in the binary format of its type.
package protocol PostgresEncodable: Sendable {
  /// The type under which the value is sent.
  static var postgresType: PostgresType { get }

  /// Appends the binary format of the value, without the length that precedes it in a message.
  func encode(into bytes: inout [UInt8])
}

/// A value that can be read from the binary format of PostgreSQL.
package protocol PostgresDecodable: Sendable {
  /// Reads a value that is not NULL. `bytes` are valid during the call only.
  ///
  /// Throws `PostgresDecodingError`.
  init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws

  /// What NULL is read as. Types that can't be absent throw `PostgresDecodingError.unexpectedNull`,
  /// which is the default.
  static func decodeNull() throws -> Self
}

extension PostgresDecodable {
  package static func decodeNull() throws -> Self { throw PostgresDecodingError.unexpectedNull }
}

/// A value that goes both ways.
package typealias PostgresCodable = PostgresEncodable & PostgresDecodable

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    self = .some(try Wrapped(postgres: bytes, type: type))
  }

  package static func decodeNull() -> Wrapped? { nil }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
  package static var postgresType: PostgresType { RawValue.postgresType }

  package func encode(into bytes: inout [UInt8]) { rawValue.encode(into: &bytes) }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    let rawValue = try RawValue(postgres: bytes, type: type)
    guard let value = Self(rawValue: rawValue) else {
      throw PostgresDecodingError.malformed("\(Self.self) has no value \(rawValue)")
    }
    self = value
  }
}

/// Why a column could not be read as the Swift type asked for.
package enum PostgresDecodingError: Error, Hashable, Sendable {
  /// The column is NULL and the type can't be absent.
  case unexpectedNull
  /// The column's type is not one that the Swift type reads.
  case typeMismatch(column: PostgresType, swift: String)
  /// The bytes are not a value of the type, or one that the Swift type can't hold.
  case malformed(String)
  /// The row has fewer columns.
  case noSuchColumn(Int)
}

extension UnsafeRawBufferPointer {
  /// The big-endian integer at `offset`. The caller has checked the length.
  @inline(__always)
  func bigEndian<T: FixedWidthInteger>(_ type: T.Type = T.self, at offset: Int = 0) -> T {
    T(bigEndian: loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// Throws unless the value has exactly `length` bytes.
  func expectLength(_ length: Int) throws(PostgresDecodingError) {
    guard count == length else { throw .malformed("\(count) bytes where \(length) were expected") }
  }
}

extension [UInt8] {
  /// Appends an integer in network byte order.
  @inline(__always)
  mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
