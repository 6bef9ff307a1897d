extension SQLText {
  /// Cuts a text where PostgreSQL's lexer does (its manual, section 4.1).
  struct Scanner {
    private let text: [Character]
    private var position = 0
    private var code = ""
    private var pieces: [Piece] = []

    init(_ text: String) {
      self.text = Array(text)
    }

    mutating func scan() -> [Piece] {
      while let character = peek() {
        switch character {
        case "'":
          let isEscapeString =
            code.last.map { "eE".contains($0) } ?? false
            && !(code.dropLast().last.map(Self.isWord) ?? false)
          quoted(until: "'", backslashEscapes: isEscapeString)
        case "\"": quoted(until: "\"", backslashEscapes: false)
        case "$": if !dollarQuoted() { takeCode() }
        case "-" where peek(1) == "-": lineComment()
        case "/" where peek(1) == "*": blockComment()
        default: takeCode()
        }
      }
      flushCode()
      return pieces
    }

    private static func isWord(_ character: Character) -> Bool {
      character.isLetter || character.isNumber || character == "_"
    }

    private func peek(_ offset: Int = 0) -> Character? {
      position + offset < text.count ? text[position + offset] : nil
    }

    private mutating func takeCode() {
      code.append(text[position])
      position += 1
    }

    private mutating func flushCode() {
      if !code.isEmpty { pieces.append(.code(code)) }
      code = ""
    }

    private mutating func piece(from start: Int) -> String {
      flushCode()
      return String(text[start..<position])
    }

    private mutating func quoted(until quote: Character, backslashEscapes: Bool) {
      let start = position
      position += 1
      while let character = peek() {
        position += 1
        if backslashEscapes, character == "\\" { position = min(position + 1, text.count) }
        // A doubled quote ends one piece and begins the next at once, which reads the same.
        if character == quote { break }
      }
      pieces.append(.quoted(piece(from: start)))
    }

    private mutating func dollarQuoted() -> Bool {
      if let last = code.last, Self.isWord(last) { return false }
      var end = position + 1
      while end < text.count, Self.isWord(text[end]) { end += 1 }
      guard end < text.count, text[end] == "$", !(text[position + 1].isNumber) else { return false }
      let tag = text[position...end]
      let start = position
      position = end + 1
      while position < text.count, !text[position...].starts(with: tag) { position += 1 }
      position = min(position + tag.count, text.count)
      pieces.append(.quoted(piece(from: start)))
      return true
    }

    private mutating func lineComment() {
      let start = position
      while let character = peek(), !character.isNewline { position += 1 }
      pieces.append(.comment(piece(from: start)))
    }

    private mutating func blockComment() {
      let start = position
      var depth = 0
      repeat {
        if peek() == "/", peek(1) == "*" {
          depth += 1
          position += 2
        } else if peek() == "*", peek(1) == "/" {
          depth -= 1
          position += 2
        } else {
          position += 1
        }
      } while depth > 0 && position < text.count
      position = min(position, text.count)
      pieces.append(.comment(piece(from: start)))
    }
  }
}
