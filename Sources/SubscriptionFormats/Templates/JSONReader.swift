/// Reads JSON (RFC 8259) into a tree, numbers as they are written.
struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  /// The deepest nesting: far more than a configuration has.
  private static let deepestNesting = 64

  static func read(_ text: String) throws(ProfileTemplateError) -> DocumentValue {
    var reader = JSONReader(bytes: Array(text.utf8))
    if reader.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
    let value = try reader.readValue(depth: 0)
    reader.skipSpace()
    guard reader.position == reader.bytes.count else {
      throw reader.error("has something after the JSON document")
    }
    return value
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private func error(_ reason: String) -> ProfileTemplateError {
    ProfileTemplateError(reason, line: line)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      if byte == 0x0A { line += 1 }
      position += 1
    }
  }

  private mutating func readValue(depth: Int) throws(ProfileTemplateError) -> DocumentValue {
    guard depth <= Self.deepestNesting else { throw error("is nested too deeply") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return .object(try readObject(depth))
    case UInt8(ascii: "["): return .array(try readArray(depth))
    case UInt8(ascii: "\""): return .string(try readString())
    case nil: throw error("ends before the document does")
    default: return try readLiteral()
    }
  }

  private mutating func readObject(_ depth: Int) throws(ProfileTemplateError) -> DocumentObject {
    var object = DocumentObject()
    position += 1
    skipSpace()
    if take(UInt8(ascii: "}")) { return object }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a key in double quotes is expected") }
      let key = try readString()
      if object[key] != nil { throw error("the key \(key) appears twice") }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw error("a colon is missing after \(key)") }
      object.add(key, try readValue(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "}")) { return object }
      guard take(UInt8(ascii: ",")) else { throw error("a comma or } is missing") }
    }
  }

  private mutating func readArray(_ depth: Int) throws(ProfileTemplateError) -> [DocumentValue] {
    var elements: [DocumentValue] = []
    position += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try readValue(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else { throw error("a comma or ] is missing") }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func readLiteral() throws(ProfileTemplateError) -> DocumentValue {
    let start = position
    while let byte = next, byte > 0x20, !",]}:\"".utf8.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    switch text {
    case "true": return true
    case "false": return false
    case "null": return nil
    default:
      guard ScalarWriter.isNumber(text) else { throw error("\(text) is not a JSON value") }
      return .plain(text)
    }
  }

  private mutating func readString() throws(ProfileTemplateError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try readEscape()).utf8)
      case 0..<0x20: throw error("a string must end on its line; write \\n for a line break")
      default: text.append(byte)
      }
    }
    throw error("a string has no closing quote")
  }

  private mutating func readEscape() throws(ProfileTemplateError) -> UnicodeScalar {
    guard let byte = next else { throw error("a string has no closing quote") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UnicodeScalar(byte)
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"): return try readUnicode()
    default: throw error("has an escape that isn't valid in JSON")
    }
  }

  private mutating func readUnicode() throws(ProfileTemplateError) -> UnicodeScalar {
    let unit = try readHexadecimal()
    if let scalar = UnicodeScalar(unit) { return scalar }
    // Beyond the basic plane there are two escapes, the halves of a surrogate pair.
    guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      throw error("has half a surrogate pair")
    }
    let low = try readHexadecimal()
    guard (0xDC00..<0xE000).contains(low),
      let scalar = UnicodeScalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else {
      throw error("has half a surrogate pair")
    }
    return scalar
  }

  private mutating func readHexadecimal() throws(ProfileTemplateError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
      let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("\\u needs four hexadecimal digits") }
    position += 4
    return number
  }
}
