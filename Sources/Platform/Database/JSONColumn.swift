package import Postgres

/// A value that a column of jsonb holds. sqlc.yaml names it: `JSON<NodeServerSettings>`.
package protocol JSONColumn: Codable, Sendable {
  /// Reads a stored document; throws what is wrong with it.
  static func decode(json: [UInt8]) throws -> Self
}

extension JSONColumn {
  package static func decode(json: [UInt8]) throws -> Self {
    try JSON.decode(Self.self, from: json)
  }
}

extension PostgresRow {
  /// Reads the document of a column, counted from 0.
  package func decodeJSON<Value: JSONColumn>(_ column: Int) throws -> Value {
    guard let value: Value = try decodeJSONIfPresent(column) else {
      throw PostgresDecodingError.unexpectedNull
    }
    return value
  }

  /// Reads the document of a column that can be NULL.
  package func decodeJSONIfPresent<Value: JSONColumn>(_ column: Int) throws -> Value? {
    guard let document = try decode(column, as: PostgresJSON?.self) else { return nil }
    do {
      return try Value.decode(json: document.bytes)
    } catch {
      throw PostgresDecodingError.malformed("the JSON of \(columnName(column)): \(error)")
    }
  }
}

extension PostgresBindings {
  /// Appends a value as a document with sorted keys.
  package mutating func appendJSON(_ value: (some JSONColumn)?) throws {
    guard let value else { return append(PostgresJSON?.none) }
    append(PostgresJSON(bytes: try JSON.encode(value)))
  }
}
