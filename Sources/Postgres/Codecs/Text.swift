extension String: PostgresCodable {
  package static var postgresType: PostgresType { .text }

  package func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }

  /// Reads every type whose binary format is its characters: text, varchar, char, name, json, enums
  /// and types of extensions such as citext; and jsonb, which has a version in front.
  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    let characters: UnsafeRawBufferPointer
    if type.isTextual {
      characters = bytes
    } else if type == .jsonb {
      characters = try PostgresJSON.text(ofBinary: bytes)
    } else {
      throw PostgresDecodingError.typeMismatch(column: type, swift: "String")
    }
    guard let text = String(validating: characters, as: UTF8.self) else {
      throw PostgresDecodingError.malformed("text that is not UTF-8")
    }
    self = text
  }
}
