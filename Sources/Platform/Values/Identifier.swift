package import FoundationEssentials
package import Postgres

/// The identity of one `Entity`: a UUIDv7, so that ids sort by the time of their making.
package struct Identifier<Entity>: Hashable, Sendable {
  package let uuid: UUID

  package init(_ uuid: UUID) {
    self.uuid = uuid
  }

  /// The id that sorts before every other: where a list begins.
  package static var first: Identifier { Identifier(UUID(bytes: [UInt8](repeating: 0, count: 16))) }

  /// The id that sorts after every other: where a list of the newest begins.
  package static var last: Identifier {
    Identifier(UUID(bytes: [UInt8](repeating: 0xFF, count: 16)))
  }

  /// Parses the canonical text form; nil when `text` is not a UUID.
  package init?(_ text: String) {
    guard let uuid = UUID(uuidString: text) else { return nil }
    self.uuid = uuid
  }
}

extension Identifier: CustomStringConvertible {
  /// The canonical lower-case text form.
  package var description: String { uuid.uuidString.lowercased() }
}

extension Identifier: Codable {
  package init(from decoder: any Decoder) throws {
    uuid = try decoder.singleValueContainer().decode(UUID.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension Identifier: PostgresEncodable, PostgresDecodable {
  package static var postgresType: PostgresType { .uuid }

  package func encode(into bytes: inout [UInt8]) {
    uuid.encode(into: &bytes)
  }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    uuid = try UUID(postgres: bytes, type: type)
  }
}

extension Identifier: PostgresArrayElement {
  package static var postgresArrayType: PostgresType { UUID.postgresArrayType }
}
