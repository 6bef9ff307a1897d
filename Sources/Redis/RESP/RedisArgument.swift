/// One argument of a command.
package enum RedisArgument: Sendable, Hashable {
  case bytes([UInt8])
  case text(String)
  case integer(Int64)
  /// A finite or infinite double, in the shortest digits that read back as the same value.
  case double(Double)

  package init(_ bytes: [UInt8]) { self = .bytes(bytes) }
  package init(_ text: String) { self = .text(text) }
  package init(_ value: Int64) { self = .integer(value) }
  package init(_ value: Int) { self = .integer(Int64(value)) }
  package init(_ value: Double) { self = .double(value) }
}

extension RedisArgument: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
}

extension RedisArgument {
  /// Appends the argument as a RESP bulk string.
  func encode(into output: inout [UInt8]) {
    switch self {
    case .bytes(let bytes): output.appendBulk(bytes, count: bytes.count)
    case .text(let text): output.appendBulk(text.utf8, count: text.utf8.count)
    case .integer(let value): Self.text(String(value)).encode(into: &output)
    case .double(let value):
      // Redis reads "inf" and "-inf" as Swift prints them, and has no NaN.
      Self.text(String(value)).encode(into: &output)
    }
  }

  /// About how many bytes the encoded argument takes.
  var encodedSize: Int {
    switch self {
    case .bytes(let bytes): bytes.count + 16
    case .text(let text): text.utf8.count + 16
    case .integer, .double: 40
    }
  }
}

extension [UInt8] {
  /// Appends a RESP header: its type, a count, and the line end.
  mutating func appendHeader(_ type: UInt8, _ count: Int) {
    append(type)
    if count < 10 {
      append(UInt8(truncatingIfNeeded: count) &+ 0x30)
    } else {
      append(contentsOf: String(count).utf8)
    }
    append(0x0D)
    append(0x0A)
  }

  /// Appends a RESP bulk string.
  mutating func appendBulk(_ bytes: some Sequence<UInt8>, count: Int) {
    appendHeader(0x24, count)
    append(contentsOf: bytes)
    append(0x0D)
    append(0x0A)
  }
}
