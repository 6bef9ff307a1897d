/// A line of text for people: a title, a reason.
enum DisplayLine {
  /// Whether `text` is one line of 1 to `longest` characters, of which one at least can be seen.
  static func accepts(_ text: String, upTo longest: Int) -> Bool {
    (1...longest).contains(text.count) && !text.allSatisfy(\.isWhitespace)
      && !text.contains {
        $0.isNewline || $0.unicodeScalars.contains { $0.properties.generalCategory == .control }
      }
  }

  /// The rule, for whoever broke it.
  static func rule(upTo longest: Int) -> String {
    "must be one line of 1 to \(longest) characters, and not only spaces"
  }
}
