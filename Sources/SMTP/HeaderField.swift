import FoundationEssentials

/// Writes header fields: folded (RFC 5322 section 2.2.3), and what isn't ASCII in encoded words
/// (RFC 2047).
enum HeaderField {
  /// What a line should not exceed (RFC 5322 section 2.1.1).
  static let preferredLineLength = 78
  /// Of an encoded word, delimiters included (RFC 2047 section 2).
  static let maximumEncodedWordLength = 75
  /// A word that can't be folded must leave room on a line of 998 characters.
  static let maximumPlainWordLength = 900

  private static let encodedWordOpening = "=?UTF-8?B?"
  private static let encodedWordClosing = "?="

  /// A field of free text, such as `Subject`.
  static func unstructured(_ name: String, _ value: String) -> String {
    fold(
      name,
      words: isPlain(value)
        ? value.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        : encodedWords(value)
    )
  }

  /// A field of addresses, such as `To`.
  static func addresses(_ name: String, _ addresses: [SMTPAddress]) -> String {
    var words: [String] = []
    for (index, address) in addresses.enumerated() {
      let mailbox = phrase(address.displayName ?? "") + ["<\(address.address)>"]
      words += mailbox.dropLast()
      words.append(mailbox[mailbox.count - 1] + (index + 1 < addresses.count ? "," : ""))
    }
    return fold(name, words: words)
  }

  /// A display name: as it is, quoted, or in encoded words.
  private static func phrase(_ name: String) -> [String] {
    guard !name.isEmpty else { return [] }
    let isShort = name.utf8.count <= preferredLineLength / 2
    guard isShort, isPlain(name) else { return encodedWords(name) }
    let isAtoms = name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: " ") }
    if isAtoms, name.first != " ", name.last != " ", !name.contains("  ") { return [name] }
    return ["\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""]
  }

  /// Whether a text means itself in a header: printable ASCII that no reader takes for an encoded
  /// word, and that can be folded.
  private static func isPlain(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }), !text.contains("=?") else {
      return false
    }
    // White space at the ends, or more than one in a row, would not survive every fold.
    guard text.utf8.first != 0x20, text.utf8.last != 0x20, !text.contains("  ") else {
      return false
    }
    return text.split(separator: " ").allSatisfy { $0.utf8.count <= maximumPlainWordLength }
  }

  /// Words of whole characters: a combining mark or an emoji of several scalars is split only where
  /// it alone fills a word.
  private static func encodedWords(_ text: String) -> [String] {
    let room =
      (maximumEncodedWordLength - encodedWordOpening.utf8.count - encodedWordClosing.utf8.count) / 4
      * 3
    var words: [String] = []
    var chunk: [UInt8] = []
    func close() {
      guard !chunk.isEmpty else { return }
      words.append(encodedWordOpening + Data(chunk).base64EncodedString() + encodedWordClosing)
      chunk = []
    }
    for character in text {
      let pieces =
        character.utf8.count <= room
        ? [Array(character.utf8)] : character.unicodeScalars.map { Array(String($0).utf8) }
      for piece in pieces {
        if chunk.count + piece.count > room { close() }
        chunk += piece
      }
    }
    close()
    return words
  }

  private static func fold(_ name: String, words: [String]) -> String {
    var field = "\(name):"
    var lineLength = field.utf8.count
    for (index, word) in words.enumerated() {
      if index > 0, lineLength + 1 + word.utf8.count > preferredLineLength {
        field += "\r\n"
        lineLength = 0
      }
      field += " " + word
      lineLength += 1 + word.utf8.count
    }
    return field
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
