import FieldViolations
import Platform
import Testing

@Suite struct DisplayLineTests {
  @Test(arguments: ["a", "1234567890", "日本語", " a ", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "a\u{200D}b"])
  func `a line of as many characters as may be is accepted`(text: String) {
    #expect(DisplayLine.accepts(text, 1...10))
  }

  @Test(arguments: [
    "", "12345678901", " ", " \u{A0}\u{3000}", "a\nb", "a\r\nb", "a\u{2028}b", "a\u{2029}b",
    "a\u{85}b", "a\tb", "a\u{0}b", "a\u{7F}", "\u{1B}[2J",
  ])
  func `other lengths, spaces alone, further lines and control characters are refused`(
    text: String
  ) {
    #expect(!DisplayLine.accepts(text, 1...10))
    var violations: [FieldViolation] = []
    violations.check(line: text, of: 1...10, "name")
    #expect(
      violations == [
        FieldViolation(
          "name",
          "must be one line of 1 to 10 characters, and not only spaces"
        )
      ]
    )
  }

  @Test func `a line that may be empty may not be spaces alone`() {
    #expect(DisplayLine.accepts("", 0...3))
    #expect(!DisplayLine.accepts("  ", 0...3))
    #expect(!DisplayLine.accepts("1234", 0...3))
    #expect(
      DisplayLine.rule(0...3) == "must be one line of at most 3 characters, and not only spaces"
    )
  }

  @Test(arguments: [
    ("Pixel 9", "Pixel 9"), ("a\u{0}b\nc", "abc"), ("1234567890", "12345678"),
    ("éèêëēĕėęě", "éèêëēĕėę"), ("", ""),
  ])
  func `any text is shown without control characters, and cut`(text: String, shown: String) {
    #expect(DisplayLine.shown(text, longest: 8) == shown)
  }
}
