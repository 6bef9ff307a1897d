/// A JSON document as bytes of UTF-8. It is sent as `jsonb` and read from `jsonb` and `json`.
package struct PostgresJSON: Hashable, Sendable, PostgresCodable {
  package static var postgresType: PostgresType { .jsonb }

  /// The only version of jsonb's binary format: one byte in front of the text.
  private static let version: UInt8 = 1

  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  package func encode(into bytes: inout [UInt8]) {
    bytes.append(Self.version)
    bytes.append(contentsOf: self.bytes)
  }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    switch type {
    case .jsonb: self.bytes = [UInt8](try Self.text(ofBinary: bytes))
    case .json: self.bytes = [UInt8](bytes)
    default: throw PostgresDecodingError.typeMismatch(column: type, swift: "PostgresJSON")
    }
  }

  static func text(ofBinary bytes: UnsafeRawBufferPointer) throws(PostgresDecodingError)
    -> UnsafeRawBufferPointer
  {
    guard bytes.first == version else { throw .malformed("jsonb of an unknown version") }
    return UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
  }
}
