package import FoundationEssentials

/// A type of which PostgreSQL has arrays.
///
/// The two functions exist so that `UInt8`, which is no type of PostgreSQL, can make `[UInt8]` the
/// type `bytea`.
package protocol PostgresArrayElement: Sendable {
  static var postgresArrayType: PostgresType { get }
  static func encodeArray(_ array: [Self], into bytes: inout [UInt8])
  static func decodeArray(_ bytes: UnsafeRawBufferPointer, type: PostgresType) throws -> [Self]
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
  package static var postgresType: PostgresType { Element.postgresArrayType }

  package func encode(into bytes: inout [UInt8]) { Element.encodeArray(self, into: &bytes) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    self = try Element.decodeArray(bytes, type: type)
  }
}

extension UInt8: PostgresArrayElement {
  package static var postgresArrayType: PostgresType { .bytea }

  package static func encodeArray(_ array: [UInt8], into bytes: inout [UInt8]) {
    bytes.append(contentsOf: array)
  }

  package static func decodeArray(_ bytes: UnsafeRawBufferPointer, type: PostgresType) throws
    -> [UInt8]
  {
    guard type == .bytea else {
      throw PostgresDecodingError.typeMismatch(column: type, swift: "[UInt8]")
    }
    return [UInt8](bytes)
  }
}

extension PostgresArrayElement where Self: PostgresCodable {
  package static var postgresArrayType: PostgresType { postgresType.array ?? .unknown }

  package static func encodeArray(_ array: [Self], into bytes: inout [UInt8]) {
    ArrayFormat.encode(array, elementType: postgresType, into: &bytes) { element, bytes in
      element.encode(into: &bytes)
      return true
    }
  }

  package static func decodeArray(_ bytes: UnsafeRawBufferPointer, type: PostgresType) throws
    -> [Self]
  {
    try ArrayFormat.decode(bytes) {
      try $0.map { bytes, type in try Self(postgres: bytes, type: type) } ?? Self.decodeNull()
    }
  }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement & PostgresCodable {
  package static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }

  package static func encodeArray(_ array: [Wrapped?], into bytes: inout [UInt8]) {
    ArrayFormat.encode(array, elementType: Wrapped.postgresType, into: &bytes) { element, bytes in
      element?.encode(into: &bytes)
      return element != nil
    }
  }

  package static func decodeArray(_ bytes: UnsafeRawBufferPointer, type: PostgresType) throws
    -> [Wrapped?]
  {
    try ArrayFormat.decode(bytes) {
      try $0.map { bytes, type in try Wrapped(postgres: bytes, type: type) }
    }
  }
}

extension Bool: PostgresArrayElement {}
extension Int16: PostgresArrayElement {}
extension Int32: PostgresArrayElement {}
extension Int64: PostgresArrayElement {}
extension Int: PostgresArrayElement {}
extension Float: PostgresArrayElement {}
extension Double: PostgresArrayElement {}
extension String: PostgresArrayElement {}
extension PostgresTimestamp: PostgresArrayElement {}
extension PostgresDate: PostgresArrayElement {}
extension PostgresInterval: PostgresArrayElement {}
extension PostgresNumeric: PostgresArrayElement {}
extension PostgresInet: PostgresArrayElement {}
extension PostgresJSON: PostgresArrayElement {}
extension UUID: PostgresArrayElement {}

/// The binary format of one-dimensional arrays (`array_send`): dimensions, flags, element type,
/// then length and lower bound of the dimension, then each element with its length.
enum ArrayFormat {
  static func encode<T>(
    _ array: [T],
    elementType: PostgresType,
    into bytes: inout [UInt8],
    element: (T, inout [UInt8]) -> Bool
  ) {
    bytes.appendBigEndian(Int32(array.isEmpty ? 0 : 1))
    let flags = bytes.count
    bytes.appendBigEndian(Int32(0))
    bytes.appendBigEndian(elementType.rawValue)
    guard !array.isEmpty else { return }
    bytes.appendBigEndian(Int32(array.count))
    bytes.appendBigEndian(Int32(1))
    for value in array {
      let length = bytes.count
      bytes.appendBigEndian(Int32(-1))
      if element(value, &bytes) {
        Swift.withUnsafeBytes(of: Int32(bytes.count - length - 4).bigEndian) {
          for (i, byte) in $0.enumerated() { bytes[length + i] = byte }
        }
      } else {
        bytes[flags + 3] = 1
      }
    }
  }

  static func decode<T>(
    _ bytes: UnsafeRawBufferPointer,
    element: ((bytes: UnsafeRawBufferPointer, type: PostgresType)?) throws -> T
  ) throws -> [T] {
    func need(_ count: Int, at offset: Int) throws(PostgresDecodingError) {
      guard count >= 0, bytes.count - offset >= count else {
        throw .malformed("an array that ends early")
      }
    }
    try need(12, at: 0)
    let dimensions: Int32 = bytes.bigEndian()
    let type = PostgresType(rawValue: bytes.bigEndian(at: 8))
    guard dimensions != 0 else { return [] }
    guard dimensions == 1 else {
      throw PostgresDecodingError.malformed("an array of \(dimensions) dimensions")
    }
    try need(8, at: 12)
    let count = Int(bytes.bigEndian(Int32.self, at: 12))
    var offset = 20
    // Each element has at least its length, which bounds what a corrupt count can reserve.
    try need(count * 4, at: offset)
    var array: [T] = []
    array.reserveCapacity(count)
    for _ in 0..<count {
      try need(4, at: offset)
      let length = Int(bytes.bigEndian(Int32.self, at: offset))
      offset += 4
      if length < 0 {
        array.append(try element(nil))
      } else {
        try need(length, at: offset)
        array.append(
          try element((UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]), type))
        )
        offset += length
      }
    }
    return array
  }
}
