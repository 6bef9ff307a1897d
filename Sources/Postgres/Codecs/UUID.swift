package import FoundationEssentials

extension UUID: PostgresCodable {
  package static var postgresType: PostgresType { .uuid }

  package func encode(into bytes: inout [UInt8]) {
    withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) }
  }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    guard type == .uuid else {
      throw PostgresDecodingError.typeMismatch(column: type, swift: "UUID")
    }
    try bytes.expectLength(16)
    self.init(uuid: bytes.loadUnaligned(as: uuid_t.self))
  }
}
