extension YAMLReader {
  // MARK: Keys

  /// Whether a key with its colon begins at the position.
  mutating func isKey() -> Bool {
    let start = column
    defer { column = start }
    return (try? readKey()) != nil
  }

  /// Reads a key and its colon.
  mutating func readKey() throws(ProfileTemplateError) -> String {
    var key: String
    switch next {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): key = try readQuoted()
    case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "&"), UInt8(ascii: "|"),
      UInt8(ascii: ">"), UInt8(ascii: "#"), nil:
      throw error("must be a key")
    case UInt8(ascii: "?") where byte(at: column + 1) == UInt8(ascii: " "):
      throw error("keys that are collections are not supported")
    default:
      let start = column
      while next != nil, !isColon(isInFlow: false) {
        if next == UInt8(ascii: "#"), byte(at: column - 1) == UInt8(ascii: " ") {
          throw error("must be a key")
        }
        column += 1
      }
      key = text(from: start)
    }
    skipSpaces()
    guard isColon(isInFlow: false) else { throw error("a colon is missing after \(key)") }
    column += 1
    return key
  }

  private func isColon(isInFlow: Bool) -> Bool {
    guard next == UInt8(ascii: ":") else { return false }
    guard let following = byte(at: column + 1) else { return true }
    return following == UInt8(ascii: " ") || following == UInt8(ascii: "\t")
      || (isInFlow && ",[]{}".utf8.contains(following))
  }

  /// The text up to the position, without spaces at its end.
  private func text(from start: Int) -> String {
    var bytes = (start..<column).compactMap(byte(at:))
    while bytes.last == UInt8(ascii: " ") || bytes.last == UInt8(ascii: "\t") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Plain scalars

  mutating func readPlain(isInFlow: Bool) throws(ProfileTemplateError) -> DocumentValue {
    switch next {
    case UInt8(ascii: "!"): throw error("tags are not supported")
    case UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "]"),
      UInt8(ascii: "}"), UInt8(ascii: ","):
      throw error("a value that begins like this must be in quotes")
    case UInt8(ascii: "?") where byte(at: column + 1) == UInt8(ascii: " "):
      throw error("keys that are collections are not supported")
    default: break
    }
    let start = column
    while let byte = next {
      if isColon(isInFlow: isInFlow) {
        if isInFlow { break }
        throw error("a value with a colon and a space in it must be in quotes")
      }
      if byte == UInt8(ascii: "#"), column > start, self.byte(at: column - 1) == UInt8(ascii: " ") {
        break
      }
      if isInFlow, ",[]{}".utf8.contains(byte) { break }
      column += 1
    }
    let text = text(from: start)
    if !text.unicodeScalars.allSatisfy({ !LineText.isBreaking($0) || $0 == "\t" }) {
      throw error("has a control character")
    }
    return text.isEmpty ? .null : .plain(text)
  }

  // MARK: Quoted scalars

  mutating func readQuoted() throws(ProfileTemplateError) -> String {
    let quote = next
    column += 1
    var text: [UInt8] = []
    while let byte = next {
      column += 1
      if byte == quote {
        guard quote == UInt8(ascii: "'"), next == quote else {
          return String(decoding: text, as: UTF8.self)
        }
        // Two single quotes stand for one.
        text.append(byte)
        column += 1
      } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        text.append(contentsOf: String(try readEscape()).utf8)
      } else {
        text.append(byte)
      }
    }
    throw error("a string in quotes must end on its line")
  }

  private mutating func readEscape() throws(ProfileTemplateError) -> UnicodeScalar {
    guard let byte = next else { throw error("a string in quotes must end on its line") }
    column += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: " "):
      return UnicodeScalar(byte)
    case UInt8(ascii: "0"): return "\0"
    case UInt8(ascii: "a"): return "\u{7}"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "e"): return "\u{1B}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "v"): return "\u{B}"
    case UInt8(ascii: "N"): return "\u{85}"
    case UInt8(ascii: "_"): return "\u{A0}"
    case UInt8(ascii: "L"): return "\u{2028}"
    case UInt8(ascii: "P"): return "\u{2029}"
    case UInt8(ascii: "x"): return try readHexadecimal(2)
    case UInt8(ascii: "u"): return try readHexadecimal(4)
    case UInt8(ascii: "U"): return try readHexadecimal(8)
    default: throw error("has an escape that isn't valid in YAML")
    }
  }

  private mutating func readHexadecimal(_ count: Int) throws(ProfileTemplateError) -> UnicodeScalar
  {
    let digits = (column..<column + count).compactMap(byte(at:))
    guard digits.count == count,
      digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
      let scalar = UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap(
        UnicodeScalar.init
      )
    else { throw error("has an escape that isn't a character") }
    column += count
    return scalar
  }

  // MARK: Flow collections

  /// Reads `[…]` or `{…}`, over as many lines as it takes.
  mutating func readFlow() throws(ProfileTemplateError) -> DocumentValue {
    let isSequence = next == UInt8(ascii: "[")
    let end = isSequence ? UInt8(ascii: "]") : UInt8(ascii: "}")
    var elements: [DocumentValue] = []
    var object = DocumentObject()
    column += 1
    while true {
      try moveInFlow()
      if next == end { break }
      if isSequence {
        elements.append(try readFlowValue())
      } else {
        let key = try readFlowKey()
        if object[key] != nil { throw error("the key \(key) appears twice") }
        object.add(key, try readFlowMember())
      }
      try moveInFlow()
      if next == UInt8(ascii: ",") {
        column += 1
      } else if next != end {
        throw error("a comma is missing in brackets")
      }
    }
    column += 1
    return isSequence ? .array(elements) : .object(object)
  }

  private mutating func moveInFlow() throws(ProfileTemplateError) {
    guard try moveToContent() else { throw error("a bracket is not closed") }
  }

  private mutating func readFlowKey() throws(ProfileTemplateError) -> String {
    switch next {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return try readQuoted()
    default:
      guard let key = try readPlain(isInFlow: true).text else { throw error("must be a key") }
      return key
    }
  }

  private mutating func readFlowMember() throws(ProfileTemplateError) -> DocumentValue {
    try moveInFlow()
    guard next == UInt8(ascii: ":") else { return .null }
    column += 1
    try moveInFlow()
    return next == UInt8(ascii: ",") || next == UInt8(ascii: "}") ? .null : try readFlowValue()
  }

  private mutating func readFlowValue() throws(ProfileTemplateError) -> DocumentValue {
    switch next {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      return try nested { reader throws(ProfileTemplateError) in try reader.readFlow() }
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try readQuoted())
    case UInt8(ascii: "*"): return try readAlias()
    case UInt8(ascii: "&"): throw error("anchors in brackets are not supported")
    default: return try readPlain(isInFlow: true)
    }
  }
}
