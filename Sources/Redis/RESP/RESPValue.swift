/// One value of the RESP3 protocol.
///
/// Source: https://github.com/redis/redis-specifications/blob/master/protocol/RESP3.md
package enum RESPValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case double(Double)
  /// An integer of any size, in decimal digits.
  case bigNumber(String)
  case simpleString(String)
  case bulk([UInt8])
  /// A text and its format, `txt` or `mkd`.
  case verbatim(format: String, [UInt8])
  case error(code: String, message: String)
  case array([RESPValue])
  case map([Pair])
  case set([RESPValue])
  case push([RESPValue])

  /// A key of a map, and its value.
  package struct Pair: Sendable, Hashable {
    package let key: RESPValue
    package let value: RESPValue

    package init(key: RESPValue, value: RESPValue) {
      self.key = key
      self.value = value
    }
  }
}

extension RESPValue {
  /// The bytes of a string of any kind, nil for everything else.
  package var bytes: [UInt8]? {
    switch self {
    case .bulk(let bytes), .verbatim(_, let bytes): bytes
    case .simpleString(let text): Array(text.utf8)
    default: nil
    }
  }

  /// The text of a string of any kind (malformed UTF-8 is repaired), nil for everything else.
  package var text: String? {
    switch self {
    case .bulk(let bytes), .verbatim(_, let bytes): String(decoding: bytes, as: UTF8.self)
    case .simpleString(let text): text
    default: nil
    }
  }

  /// An integer, nil for everything else. Strings are not converted.
  package var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// A double or an integer as a double, nil for everything else.
  package var double: Double? {
    switch self {
    case .double(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// The elements of an array, set or push, nil for everything else.
  package var elements: [RESPValue]? {
    switch self {
    case .array(let elements), .set(let elements), .push(let elements): elements
    default: nil
    }
  }

  /// The pairs of a map, nil for everything else.
  package var pairs: [Pair]? {
    if case .map(let pairs) = self { pairs } else { nil }
  }

  /// Whether this is the null value.
  package var isNull: Bool { self == .null }
}
