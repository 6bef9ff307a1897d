/// Text of people in lines of fields.
enum LineText {
  /// A name without the characters that lines are made of: those become their full-width forms,
  /// what breaks lines a space.
  ///
  /// No client documents a way to quote names, and its groups refer to them between commas.
  static func name(_ name: String) -> String {
    if isPlain(name), name.utf8.first != UInt8(ascii: " "), name.utf8.last != UInt8(ascii: " ") {
      return name
    }
    var scalars = String.UnicodeScalarView()
    for scalar in name.unicodeScalars { scalars.append(replacement(of: scalar)) }
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    let start = scalars.firstIndex { !isSpace($0) } ?? scalars.endIndex
    return String(String.UnicodeScalarView(scalars[start...]))
  }

  /// Whether the text has nothing that one of these functions looks for; false may also mean that
  /// only a look at each scalar can tell.
  static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { byte in
      switch byte {
      case 0..<0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "%"),
        UInt8(ascii: "'"), UInt8(ascii: ","),
        UInt8(ascii: "/"), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "["),
        UInt8(ascii: "\\"), UInt8(ascii: "]"):
        false
      // The first bytes of U+0080 to U+00BF, U+1000 to U+3FFF and U+F000 to U+FFFF, among which are
      // the spaces and what breaks lines.
      case 0xC2, 0xE1, 0xE2, 0xE3, 0xEF: false
      default: true
      }
    }
  }

  private static func replacement(of scalar: UnicodeScalar) -> UnicodeScalar {
    switch scalar {
    case ",", "=", "\"", "'", "#", ";", "[", "]", "/", "\\", "%":
      // The full-width forms of ASCII stand in the same order (Unicode block FF00).
      UnicodeScalar(scalar.value + 0xFEE0) ?? scalar
    default: isBreaking(scalar) ? " " : scalar
    }
  }

  /// Whether a character ends lines, is invisible to people and not to programs, or is none.
  static func isBreaking(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  /// Whether it is white space (Unicode's property White_Space) that breaks no line.
  static func isSpace(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.value {
    case 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }
}
