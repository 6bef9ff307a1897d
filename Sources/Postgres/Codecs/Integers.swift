extension Bool: PostgresCodable {
  package static var postgresType: PostgresType { .bool }

  package func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    guard type == .bool else {
      throw PostgresDecodingError.typeMismatch(column: type, swift: "Bool")
    }
    try bytes.expectLength(1)
    self = bytes[0] != 0
  }
}

extension FixedWidthInteger {
  /// Reads any of PostgreSQL's integer types, if the value fits.
  fileprivate init(postgresInteger bytes: UnsafeRawBufferPointer, type: PostgresType)
    throws(PostgresDecodingError)
  {
    let value: Int64
    switch type {
    case .int8:
      try bytes.expectLength(8)
      value = bytes.bigEndian()
    case .int4:
      try bytes.expectLength(4)
      value = Int64(bytes.bigEndian(Int32.self))
    case .int2:
      try bytes.expectLength(2)
      value = Int64(bytes.bigEndian(Int16.self))
    case .oid:
      try bytes.expectLength(4)
      value = Int64(bytes.bigEndian(UInt32.self))
    default: throw .typeMismatch(column: type, swift: "\(Self.self)")
    }
    guard let exact = Self(exactly: value) else {
      throw .malformed("\(value) does not fit \(Self.self)")
    }
    self = exact
  }
}

extension Int16: PostgresCodable {
  package static var postgresType: PostgresType { .int2 }
  package func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    try self.init(postgresInteger: bytes, type: type)
  }
}

extension Int32: PostgresCodable {
  package static var postgresType: PostgresType { .int4 }
  package func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    try self.init(postgresInteger: bytes, type: type)
  }
}

extension Int64: PostgresCodable {
  package static var postgresType: PostgresType { .int8 }
  package func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    try self.init(postgresInteger: bytes, type: type)
  }
}

extension Int: PostgresCodable {
  package static var postgresType: PostgresType { .int8 }
  package func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(Int64(self)) }
  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    try self.init(postgresInteger: bytes, type: type)
  }
}
