/// Reads JSON from its beginning to its end, for bodies whose rows are judged one by one. Source:
/// RFC 8259.
struct JSONScanner {
  private let bytes: [UInt8]
  private(set) var position = 0
  private var depth = 0

  /// Much deeper than any report, and still safe for the stack.
  private static let deepest = 32

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The text isn't JSON, or not the JSON that is expected.
  struct Failure: Error {
    let expected: String
    let position: Int
  }

  func bytes(in range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

  /// The value of a text of decimal digits without leading zeros; nil if it isn't a number of 64
  /// bits.
  func decimal(in range: Range<Int>) -> Int64? {
    var there = self
    there.position = range.lowerBound
    guard let number = there.digits(), there.position == range.upperBound else { return nil }
    return number
  }

  // MARK: Structure

  /// Reads an object; `member` must read the value of the key that stands in the range.
  mutating func object(_ member: (inout JSONScanner, Range<Int>) throws(Failure) -> Void)
    throws(Failure)
  {
    try enter("{")
    if !takes("}") {
      repeat {
        let key = try string()
        try take(":")
        try member(&self, key)
      } while takes(",")
      try take("}")
    }
    depth -= 1
  }

  /// Reads an array; `element` must read one value.
  mutating func array(_ element: (inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
    try enter("[")
    if !takes("]") {
      repeat { try element(&self) } while takes(",")
      try take("]")
    }
    depth -= 1
  }

  /// Reads any value; where it stands.
  @discardableResult
  mutating func value() throws(Failure) -> Range<Int> {
    let next = next()
    let start = position
    switch next {
    case UInt8(ascii: "{"): try object { scanner, _ throws(Failure) in try scanner.value() }
    case UInt8(ascii: "["): try array { scanner throws(Failure) in try scanner.value() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try take(literal: "true")
    case UInt8(ascii: "f"): try take(literal: "false")
    case UInt8(ascii: "n"): try take(literal: "null")
    default: try number()
    }
    return start..<position
  }

  /// Fails unless nothing but white space is left.
  mutating func end() throws(Failure) {
    guard next() == nil else { throw Failure(expected: "must end here", position: position) }
  }

  // MARK: Scalars

  /// Whether a null stands here, which is then read.
  mutating func takesNull() -> Bool {
    guard next() == UInt8(ascii: "n"), bytes[position...].starts(with: "null".utf8) else {
      return false
    }
    position += 4
    return true
  }

  /// Reads a whole number that isn't negative and has 64 bits; nil where something else stands
  /// here, which is then not read.
  mutating func wholeNumber() -> Int64? {
    _ = next()
    let start = position
    guard let number = digits() else { return nil }
    if position < bytes.count,
      [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[position])
    {
      position = start
      return nil
    }
    return number
  }

  /// Reads a string; what stands between its quotes, as it is written.
  mutating func string() throws(Failure) -> Range<Int> {
    try take("\"")
    let start = position
    var isEscaped = false
    while position < bytes.count, isEscaped || bytes[position] != UInt8(ascii: "\"") {
      guard bytes[position] >= 0x20 else {
        throw Failure(expected: "must have no control characters in strings", position: position)
      }
      isEscaped = !isEscaped && bytes[position] == UInt8(ascii: "\\")
      position += 1
    }
    guard position < bytes.count else {
      throw Failure(expected: "must have \"", position: position)
    }
    position += 1
    return start..<(position - 1)
  }

  // MARK: Characters

  mutating func take(_ character: Unicode.Scalar) throws(Failure) {
    guard takes(character) else {
      throw Failure(expected: "must have \(character)", position: position)
    }
  }

  mutating func takes(_ character: Unicode.Scalar) -> Bool {
    guard let next = next(), UInt32(next) == character.value else { return false }
    position += 1
    return true
  }

  /// The next byte that is no white space.
  mutating func next() -> UInt8? {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func enter(_ bracket: Unicode.Scalar) throws(Failure) {
    try take(bracket)
    depth += 1
    guard depth <= Self.deepest else {
      throw Failure(expected: "must not be nested so deeply", position: position)
    }
  }

  private mutating func take(literal: String) throws(Failure) {
    guard bytes[position...].starts(with: literal.utf8) else {
      throw Failure(expected: "must have \(literal)", position: position)
    }
    position += literal.utf8.count
  }

  /// Decimal digits without leading zeros; nil, and nothing read, where there are none or 64 bits
  /// don't hold them.
  private mutating func digits() -> Int64? {
    let start = position
    var value: Int64 = 0
    while let digit = digit() {
      let (tens, overflowsTens) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = tens.addingReportingOverflow(digit)
      guard !overflowsTens, !overflows else {
        position = start
        return nil
      }
      value = sum
      position += 1
    }
    guard position > start, bytes[start] != UInt8(ascii: "0") || position == start + 1 else {
      position = start
      return nil
    }
    return value
  }

  private func digit() -> Int64? {
    guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    else { return nil }
    return Int64(bytes[position] - UInt8(ascii: "0"))
  }

  /// Any number of JSON.
  private mutating func number() throws(Failure) {
    func skipDigits(_ scanner: inout JSONScanner) throws(Failure) -> Int {
      let start = scanner.position
      while scanner.digit() != nil { scanner.position += 1 }
      guard scanner.position > start else {
        throw Failure(expected: "must have a value", position: start)
      }
      return scanner.position - start
    }
    if isAt("-") { position += 1 }
    let start = position
    let count = try skipDigits(&self)
    guard count == 1 || bytes[start] != UInt8(ascii: "0") else {
      throw Failure(expected: "must have a number without leading zeros", position: start)
    }
    if isAt(".") {
      position += 1
      _ = try skipDigits(&self)
    }
    if isAt("e") || isAt("E") {
      position += 1
      if isAt("+") || isAt("-") { position += 1 }
      _ = try skipDigits(&self)
    }
  }

  private func isAt(_ character: Unicode.Scalar) -> Bool {
    position < bytes.count && UInt32(bytes[position]) == character.value
  }
}
