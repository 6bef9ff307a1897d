/// The value of a header or of a queue's argument: an AMQP field value.
package enum AMQPHeaderValue: Hashable, Sendable {
  case string(String)
  case int(Int64)
  case bool(Bool)
  case double(Double)
  case bytes([UInt8])
  /// Seconds since 1970.
  case timestamp(Int64)
  case array([AMQPHeaderValue])
  case table([String: AMQPHeaderValue])
  case null

  /// The text, if it is one.
  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The number, if it is a whole one.
  package var int: Int64? {
    if case .int(let value) = self { value } else { nil }
  }
}

extension AMQPHeaderValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .int(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension AMQPHeaderValue {
  /// The broker nests two levels itself (`x-death`); eight is more than any sender needs and keeps
  /// a hostile table from the stack's end.
  static let maxDepth = 8

  /// The upper bound of a table's bytes on the wire.
  static func encodedSize(of table: [String: AMQPHeaderValue], depth: Int = 0) throws(AMQPError)
    -> Int
  {
    guard depth < maxDepth else { throw .invalid("headers nested deeper than \(maxDepth)") }
    var size = 4
    for (key, value) in table {
      try AMQPError.requireShort(key)
      size += 1 + key.utf8.count + (try value.encodedSize(depth: depth))
    }
    return size
  }

  private func encodedSize(depth: Int) throws(AMQPError) -> Int {
    switch self {
    case .null: return 1
    case .bool: return 2
    case .int, .double, .timestamp: return 9
    case .string(let value): return 5 + value.utf8.count
    case .bytes(let value): return 5 + value.count
    case .table(let value): return 1 + (try Self.encodedSize(of: value, depth: depth + 1))
    case .array(let values):
      guard depth + 1 < Self.maxDepth else {
        throw .invalid("headers nested deeper than \(Self.maxDepth)")
      }
      var size = 5
      for value in values { size += try value.encodedSize(depth: depth + 1) }
      return size
    }
  }
}
