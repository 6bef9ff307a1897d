/// An exact decimal number (`numeric`), kept as the server prints it, such as `-12.50`, `NaN` or
/// `Infinity`.
package struct PostgresNumeric: Hashable, Sendable, PostgresCodable, CustomStringConvertible {
  package static var postgresType: PostgresType { .numeric }

  package let description: String

  /// Nil unless the text is digits with an optional sign and decimal point, or `NaN`, `Infinity`,
  /// `-Infinity`.
  package init?(_ text: String) {
    if ["NaN", "Infinity", "-Infinity"].contains(text) {
      description = text
      return
    }
    var rest = Substring(text)
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty,
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      rest.utf8.count <= Self.maximumDigits
    else { return nil }
    let trimmed = whole.drop { $0 == "0" }
    let digits =
      (trimmed.isEmpty ? "0" : String(trimmed)) + (parts.count == 2 ? ".\(parts[1])" : "")
    description =
      text.first == "-" && digits.contains(where: { $0 != "0" && $0 != "." })
      ? "-\(digits)" : digits
  }

  package init(_ integer: some FixedWidthInteger & Sendable) { description = String(integer) }

  /// Far more than any amount needs, and less than the format's 16-bit counts of four-digit groups
  /// can hold.
  static let maximumDigits = 16_383

  // `numeric_send`: count of base-10000 digits, weight of the first, sign, decimal places, digits.
  private static let positive: UInt16 = 0x0000
  private static let negative: UInt16 = 0x4000
  private static let notANumber: UInt16 = 0xC000
  private static let infinity: UInt16 = 0xD000
  private static let negativeInfinity: UInt16 = 0xF000

  package func encode(into bytes: inout [UInt8]) {
    func header(_ digits: Int, _ weight: Int, _ sign: UInt16, _ scale: Int) {
      bytes.appendBigEndian(Int16(digits))
      bytes.appendBigEndian(Int16(weight))
      bytes.appendBigEndian(sign)
      bytes.appendBigEndian(Int16(scale))
    }
    switch description {
    case "NaN": return header(0, 0, Self.notANumber, 0)
    case "Infinity": return header(0, 0, Self.infinity, 0)
    case "-Infinity": return header(0, 0, Self.negativeInfinity, 0)
    default: break
    }
    let unsigned = description.first == "-" ? description.dropFirst() : Substring(description)
    let parts = unsigned.split(separator: ".", maxSplits: 1).map {
      Array($0.utf8.map { Int16($0) - 48 })
    }
    let scale = parts.count == 2 ? parts[1].count : 0
    let whole = [Int16](repeating: 0, count: (4 - parts[0].count % 4) % 4) + parts[0]
    let fraction = scale == 0 ? [] : parts[1] + [Int16](repeating: 0, count: (4 - scale % 4) % 4)
    let digits = whole + fraction
    var groups: [Int16] = stride(from: 0, to: digits.count, by: 4).map { start in
      digits[start..<start + 4].reduce(0) { $0 * 10 + $1 }
    }
    var weight = whole.count / 4 - 1
    while groups.first == 0 {
      groups.removeFirst()
      weight -= 1
    }
    while groups.last == 0 { groups.removeLast() }
    header(
      groups.count,
      groups.isEmpty ? 0 : weight,
      description.first == "-" ? Self.negative : Self.positive,
      scale
    )
    for group in groups { bytes.appendBigEndian(group) }
  }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    guard type == .numeric else {
      throw PostgresDecodingError.typeMismatch(column: type, swift: "PostgresNumeric")
    }
    guard bytes.count >= 8 else {
      throw PostgresDecodingError.malformed("a numeric that ends early")
    }
    let count = Int(bytes.bigEndian(Int16.self))
    let weight = Int(bytes.bigEndian(Int16.self, at: 2))
    let sign: UInt16 = bytes.bigEndian(at: 4)
    let scale = Int(bytes.bigEndian(Int16.self, at: 6))
    try bytes.expectLength(8 + max(0, count) * 2)
    let special = [
      Self.notANumber: "NaN", Self.infinity: "Infinity", Self.negativeInfinity: "-Infinity",
    ]
    if let name = special[sign] {
      description = name
      return
    }
    func group(_ index: Int) -> [UInt8] {
      let value =
        index >= 0 && index < count ? Int(bytes.bigEndian(Int16.self, at: 8 + index * 2)) : 0
      return [value / 1000, value / 100 % 10, value / 10 % 10, value % 10].map { UInt8($0) + 48 }
    }
    var text: [UInt8] = []
    if weight >= 0 { for index in 0...weight { text += group(index) } }
    text = Array(text.drop { $0 == 48 })
    if text.isEmpty { text = [48] }
    if scale > 0 {
      var fraction: [UInt8] = []
      var index = weight + 1
      while fraction.count < scale {
        fraction += group(index)
        index += 1
      }
      text += [46] + fraction.prefix(scale)
    }
    description = (sign == Self.negative ? "-" : "") + String(decoding: text, as: UTF8.self)
  }
}
