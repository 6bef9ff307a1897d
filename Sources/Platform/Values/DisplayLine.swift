import FieldViolations

/// A line of text that people read in lists: a name, a title, a reason.
package enum DisplayLine {
  /// Whether `text` is one line with a number of characters among `lengths`, without control
  /// characters. One of its characters at least can be seen, unless it is empty and may be.
  package static func accepts(_ text: String, _ lengths: ClosedRange<Int>) -> Bool {
    lengths.contains(text.count)
      && !text.contains { $0.isNewline || $0.unicodeScalars.contains(where: isControl) }
      && (text.isEmpty || !text.allSatisfy(\.isWhitespace))
  }

  /// The rule, as an error message.
  package static func rule(_ lengths: ClosedRange<Int>) -> String {
    let count =
      lengths.lowerBound == 0
      ? "at most \(lengths.upperBound)" : "\(lengths.lowerBound) to \(lengths.upperBound)"
    return "must be one line of \(count) characters, and not only spaces"
  }

  /// Any text as lists show it: without control characters, and at most `longest` scalars of it.
  package static func shown(_ text: String, longest: Int) -> String {
    // Nearly all are plain ASCII, which needs no look into Unicode's tables.
    if text.utf8.count <= longest, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return text }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.lazy.filter { !isControl($0) }.prefix(longest)
      )
    )
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }
}

extension [FieldViolation] {
  /// Notes that `field` must be one line with a number of characters among `lengths`, unless `line`
  /// is one.
  package mutating func check(
    line: String,
    of lengths: ClosedRange<Int>,
    _ field: String
  ) {
    check(DisplayLine.accepts(line, lengths), field, DisplayLine.rule(lengths))
  }
}
