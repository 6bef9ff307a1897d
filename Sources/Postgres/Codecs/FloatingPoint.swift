extension Double: PostgresCodable {
  package static var postgresType: PostgresType { .float8 }

  package func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(bitPattern) }

  /// Reads `float8` and, without loss, `float4`.
  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    switch type {
    case .float8:
      try bytes.expectLength(8)
      self.init(bitPattern: bytes.bigEndian())
    case .float4:
      self.init(try Float(postgres: bytes, type: type))
    default: throw PostgresDecodingError.typeMismatch(column: type, swift: "Double")
    }
  }
}

extension Float: PostgresCodable {
  package static var postgresType: PostgresType { .float4 }

  package func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(bitPattern) }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    guard type == .float4 else {
      throw PostgresDecodingError.typeMismatch(column: type, swift: "Float")
    }
    try bytes.expectLength(4)
    self.init(bitPattern: bytes.bigEndian())
  }
}
