import Platform

/// What short texts that people read must be.
enum DisplayText {
  /// Longer names break the lists of every client.
  static let longestName = 100
  static let longestLabel = 50
  /// A sentence or two for the audit log.
  static let longestReason = 500

  static func isName(_ text: String) -> Bool { isText(text, 1...longestName) }

  static func isLabel(_ text: String) -> Bool { isText(text, 1...longestLabel) }

  /// A text of that many characters, without line breaks and other control characters.
  static func isText(_ text: String, _ lengths: ClosedRange<Int>) -> Bool {
    lengths.contains(text.count)
      && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
      && (text.isEmpty || !text.allSatisfy(\.isWhitespace))
  }

  /// A text of a client's as lists show it: without control characters, and at most `longest`
  /// scalars of it.
  static func shown(_ text: String, longest: Int) -> String {
    // Nearly all are plain ASCII, which needs no look into Unicode's tables.
    if text.utf8.count <= longest, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return text }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.lazy.filter { $0.properties.generalCategory != .control }.prefix(
          longest
        )
      )
    )
  }
}

extension [FieldViolation] {
  /// Notes that `field` must be as described, unless it is.
  mutating func check(_ isValid: Bool, _ field: String, _ description: String) {
    if !isValid { append(FieldViolation(field: field, description: description)) }
  }

  /// Throws all that was noted.
  func throwIfAny() throws(InvalidInput) {
    guard isEmpty else { throw InvalidInput(self) }
  }
}
