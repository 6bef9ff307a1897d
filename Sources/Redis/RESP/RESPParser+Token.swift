extension RESPParser {
  /// Reads the token at the start of the bytes, and says how many bytes it takes; nil when they are
  /// not all there.
  static func token(in bytes: UnsafeRawBufferPointer) -> Result<(Token, Int)?, RESPParserError> {
    Result { () throws(RESPParserError) in try readToken(in: bytes) }
  }

  private static func readToken(in bytes: UnsafeRawBufferPointer) throws(RESPParserError) -> (
    Token, Int
  )? {
    guard let type = bytes.first else { return nil }
    guard let end = try lineEnd(in: bytes) else {
      guard isKnown(type) else { throw .unknownType(type) }
      return nil
    }
    let line = UnsafeRawBufferPointer(rebasing: bytes[1..<end])
    let length = end + 2
    switch UnicodeScalar(type) {
    case "+": return (.value(.simpleString(text(line))), length)
    case "-": return (.value(error(line)), length)
    case ":": return (.value(.integer(try integer(line))), length)
    case "$", "!", "=":
      return try string(type: type, count: try integer(line), after: length, in: bytes)
    case "_":
      guard line.isEmpty else { throw .malformedValue }
      return (.value(.null), length)
    case "#":
      guard line.count == 1, line[0] == 0x74 || line[0] == 0x66 else { throw .malformedValue }
      return (.value(.boolean(line[0] == 0x74)), length)
    case ",":
      guard let value = Double(text(line)) else { throw .malformedNumber }
      return (.value(.double(value)), length)
    case "(":
      let digits = line.first == 0x2D || line.first == 0x2B ? line.dropFirst() : line[...]
      guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw .malformedNumber
      }
      return (.value(.bigNumber(text(line))), length)
    case "*":
      let count = try integer(line)
      return (count == -1 ? .value(.null) : .aggregate(.array, count: try elements(count)), length)
    case "~": return (.aggregate(.set, count: try elements(try integer(line))), length)
    case ">": return (.aggregate(.push, count: try elements(try integer(line))), length)
    case "%": return (.aggregate(.map, count: 2 * (try elements(try integer(line)))), length)
    case "|": return (.aggregate(.attribute, count: 2 * (try elements(try integer(line)))), length)
    default: throw .unknownType(type)
    }
  }

  /// Reads a string whose length came before it: `$` bulk, `!` error, `=` verbatim.
  private static func string(
    type: UInt8,
    count: Int64,
    after start: Int,
    in bytes: UnsafeRawBufferPointer
  ) throws(RESPParserError) -> (Token, Int)? {
    // RESP2's null, which a server may send before HELLO.
    if count == -1, type == 0x24 { return (.value(.null), start) }
    guard count >= 0 else { throw .malformedNumber }
    guard count <= maxBulkLength else { throw .tooLong }
    let end = start + Int(count)
    guard bytes.count >= end + 2 else { return nil }
    guard bytes[end] == 0x0D, bytes[end + 1] == 0x0A else { throw .malformedLineEnd }
    let content = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    switch type {
    case 0x24:
      return (.value(.bulk([UInt8](content))), end + 2)
    case 0x21:
      return (.value(error(content)), end + 2)
    default:
      guard content.count >= 4, content[3] == 0x3A else { throw .malformedValue }
      let format = text(UnsafeRawBufferPointer(rebasing: content[..<3]))
      return (.value(.verbatim(format: format, [UInt8](content[4...]))), end + 2)
    }
  }

  /// The index of the line end, nil when it is not there yet.
  private static func lineEnd(in bytes: UnsafeRawBufferPointer) throws(RESPParserError) -> Int? {
    var index = 1
    let limit = min(bytes.count, maxLineLength)
    while index < limit {
      if bytes[index] == 0x0D {
        guard index + 1 < bytes.count else { return nil }
        guard bytes[index + 1] == 0x0A else { throw .malformedLineEnd }
        return index
      }
      index += 1
    }
    guard bytes.count < maxLineLength else { throw .tooLong }
    return nil
  }

  private static func isKnown(_ type: UInt8) -> Bool {
    switch UnicodeScalar(type) {
    case "+", "-", ":", "$", "!", "=", "_", "#", ",", "(", "*", "~", ">", "%", "|": true
    default: false
    }
  }

  private static func elements(_ count: Int64) throws(RESPParserError) -> Int {
    guard count >= 0 else { throw .malformedNumber }
    guard count <= maxElements else { throw .tooLong }
    return Int(count)
  }

  private static func integer(_ digits: UnsafeRawBufferPointer) throws(RESPParserError) -> Int64 {
    var index = 0
    let isNegative = digits.first == 0x2D
    if isNegative || digits.first == 0x2B { index = 1 }
    guard index < digits.count else { throw .malformedNumber }
    // Summed below zero, where Int64 has one value more.
    var value: Int64 = 0
    while index < digits.count {
      let digit = digits[index] &- 0x30
      guard digit < 10 else { throw .malformedNumber }
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, stillTooLarge) = product.subtractingReportingOverflow(Int64(digit))
      guard !tooLarge, !stillTooLarge else { throw .malformedNumber }
      value = sum
      index += 1
    }
    if isNegative { return value }
    guard value != .min else { throw .malformedNumber }
    return -value
  }

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  private static func error(_ bytes: UnsafeRawBufferPointer) -> RESPValue {
    guard let space = bytes.firstIndex(of: 0x20) else {
      return .error(code: text(bytes), message: "")
    }
    return .error(
      code: text(UnsafeRawBufferPointer(rebasing: bytes[..<space])),
      message: text(UnsafeRawBufferPointer(rebasing: bytes[(space + 1)...]))
    )
  }
}
