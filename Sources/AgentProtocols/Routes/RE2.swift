/// Whether text is a regular expression of RE2, which node agents compile without expecting an
/// error.
///
/// This accepts less than RE2 does: what is refused may only be unusual. Source:
/// github.com/google/re2/wiki/Syntax.
enum RE2 {
  /// RE2 refuses more repetitions.
  private static let maxRepetitions = 1_000
  private static let deepestNesting = 100

  /// What is wrong, or nil.
  static func problem(in pattern: String) -> String? {
    var reader = Reader(pattern)
    do throws(Problem) {
      try reader.readAlternatives(depth: 0)
      return nil
    } catch {
      return error.reason
    }
  }

  private struct Problem: Error {
    let reason: String
  }

  private struct Reader {
    private let characters: [UnicodeScalar]
    private var position = 0
    private var countIsInRange = true

    init(_ pattern: String) {
      characters = Array(pattern.unicodeScalars)
    }

    private var next: UnicodeScalar? { position < characters.count ? characters[position] : nil }

    mutating func readAlternatives(depth: Int) throws(Problem) {
      guard depth <= RE2.deepestNesting else {
        throw Problem(reason: "its groups are nested too deeply")
      }
      var canRepeat = false
      while let character = next {
        switch character {
        case "|":
          position += 1
          canRepeat = false
        case ")":
          guard depth > 0 else {
            throw Problem(reason: "a parenthesis is closed but was not opened")
          }
          return
        case "(":
          try readGroup(depth: depth)
          canRepeat = true
        case "[":
          try readClass()
          canRepeat = true
        case "*", "+", "?", "{":
          try readRepetition(canRepeat)
          canRepeat = false
        case "\\":
          try readEscape()
          canRepeat = true
        default:
          position += 1
          canRepeat = true
        }
      }
      if depth > 0 { throw Problem(reason: "a parenthesis is not closed") }
    }

    private mutating func readGroup(depth: Int) throws(Problem) {
      position += 1
      if next == "?" {
        position += 1
        try readGroupFlags()
        if position > 0, characters[position - 1] == ")" { return }
      }
      try readAlternatives(depth: depth + 1)
      guard next == ")" else { throw Problem(reason: "a parenthesis is not closed") }
      position += 1
    }

    /// `(?:`, `(?i:`, `(?i)` and named groups; look-around, which RE2 has not, is none of these.
    private mutating func readGroupFlags() throws(Problem) {
      if next == "P" { position += 1 }
      if next == "<" {
        position += 1
        let start = position
        while let character = next,
          character.properties.isASCIIHexDigit || character.isWordCharacter
        { position += 1 }
        guard position > start, next == ">" else {
          throw Problem(reason: "look-behind is not supported")
        }
        position += 1
        return
      }
      while let character = next, "imsU-".unicodeScalars.contains(character) { position += 1 }
      guard next == ":" || next == ")" else { throw Problem(reason: "look-ahead is not supported") }
      position += 1
    }

    private mutating func readRepetition(_ canRepeat: Bool) throws(Problem) {
      let isCount = next == "{"
      if isCount, !readCount() {
        // A brace that begins no count stands for itself.
        position += 1
        return
      }
      guard canRepeat else { throw Problem(reason: "a repetition has nothing to repeat") }
      if !isCount { position += 1 }
      if next == "?" { position += 1 }
      if let character = next, "*+?".unicodeScalars.contains(character) {
        throw Problem(reason: "a repetition is repeated")
      }
      if isCount, !countIsInRange { throw Problem(reason: "it repeats more than 1000 times") }
    }

    /// Reads `{2}`, `{2,}` or `{2,5}`; leaves the position as it is when there is none.
    private mutating func readCount() -> Bool {
      var numbers: [Int] = [0]
      var digits = 0
      var index = position + 1
      while index < characters.count, characters[index] != "}" {
        switch characters[index] {
        case "0"..."9":
          numbers[numbers.count - 1] = min(
            RE2.maxRepetitions + 1,
            numbers[numbers.count - 1] * 10 + Int(characters[index].value - 48)
          )
          digits += 1
        case "," where numbers.count == 1 && digits > 0: numbers.append(0)
        default: return false
        }
        index += 1
      }
      guard index < characters.count, digits > 0 else { return false }
      position = index + 1
      let isOrdered = numbers.count == 1 || numbers[1] == 0 || numbers[0] <= numbers[1]
      countIsInRange = numbers.allSatisfy { $0 <= RE2.maxRepetitions } && isOrdered
      return true
    }

    private mutating func readEscape() throws(Problem) {
      position += 1
      guard let character = next else { throw Problem(reason: "it ends in a backslash") }
      position += 1
      guard character.isWordCharacter else { return }
      switch character {
      case "d", "D", "s", "S", "w", "W", "b", "B", "A", "z", "a", "f", "t", "n", "r", "v": return
      case "x":
        try readHexadecimal()
      case "p", "P":
        try readUnicodeClass()
      default: throw Problem(reason: "\\\(character) is not supported")
      }
    }

    private mutating func readHexadecimal() throws(Problem) {
      for _ in 0..<2 {
        guard let digit = next, digit.properties.isASCIIHexDigit else {
          throw Problem(reason: "\\x needs two hexadecimal digits")
        }
        position += 1
      }
    }

    private mutating func readUnicodeClass() throws(Problem) {
      let names: Set = [
        "L", "Lu", "Ll", "N", "Nd", "P", "S", "Z", "Han", "Latin", "Greek", "Cyrillic", "Arabic",
      ]
      guard next == "{", let end = characters[position...].firstIndex(of: "}") else {
        throw Problem(reason: "\\p needs a class in braces")
      }
      var name = String.UnicodeScalarView()
      name.append(contentsOf: characters[(position + 1)..<end])
      guard names.contains(String(name)) else {
        throw Problem(reason: "\\p{\(String(name))} is not supported")
      }
      position = end + 1
    }

    private mutating func readClass() throws(Problem) {
      position += 1
      if next == "^" { position += 1 }
      var isFirst = true
      var previous: UnicodeScalar?
      while let character = next {
        if character == "]", !isFirst {
          position += 1
          return
        }
        isFirst = false
        if character == "\\" {
          try readEscape()
          previous = nil
        } else if character == "-", let low = previous, position + 1 < characters.count,
          characters[position + 1] != "]"
        {
          let high = characters[position + 1]
          guard high == "\\" || low <= high else {
            throw Problem(reason: "a range in brackets runs backwards")
          }
          position += 1
          previous = nil
          if high != "\\" { position += 1 }
        } else {
          position += 1
          previous = character
        }
      }
      throw Problem(reason: "a bracket is not closed")
    }
  }
}

extension UnicodeScalar {
  fileprivate var isWordCharacter: Bool {
    switch self {
    case "0"..."9", "a"..."z", "A"..."Z", "_": true
    default: false
    }
  }
}
