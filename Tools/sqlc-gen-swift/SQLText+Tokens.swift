extension SQLText {
  /// A word, a quoted piece or a sign of the statement, with the number of parentheses around it.
  struct Token: Equatable {
    enum Kind {
      /// A keyword, a name or a number; in upper case.
      case word
      /// `$1`.
      case parameter
      case string
      /// A name in double quotes, without them.
      case quotedName
      case sign
    }

    let kind: Kind
    let text: String
    /// A parenthesis counts as inside itself.
    let depth: Int

    func isWord(_ word: String) -> Bool { kind == .word && text == word }
    func isSign(_ sign: String) -> Bool { kind == .sign && text == sign }
    /// Whether it can be the name of something.
    var isName: Bool { kind == .word || kind == .quotedName }
  }

  var tokens: [Token] {
    var tokenizer = Tokenizer()
    for piece in pieces {
      switch piece {
      case .comment: tokenizer.endWord()
      case .quoted(let text) where text.hasPrefix("\""):
        tokenizer.add(.quotedName, String(text.dropFirst().dropLast()))
      case .quoted(let text): tokenizer.add(.string, text)
      case .code(let text): for character in text { tokenizer.read(character) }
      }
    }
    tokenizer.endWord()
    return tokenizer.tokens
  }

  private struct Tokenizer {
    var tokens: [Token] = []
    private var word = ""
    private var depth = 0

    mutating func endWord() {
      guard !word.isEmpty else { return }
      tokens.append(
        Token(kind: word.hasPrefix("$") ? .parameter : .word, text: word.uppercased(), depth: depth)
      )
      word = ""
    }

    mutating func add(_ kind: Token.Kind, _ text: String) {
      endWord()
      tokens.append(Token(kind: kind, text: text, depth: depth))
    }

    mutating func read(_ character: Character) {
      if character.isLetter || character.isNumber || character == "_"
        || (character == "$" && word.isEmpty)
      {
        word.append(character)
        return
      }
      endWord()
      guard !character.isWhitespace else { return }
      if character == "(" { depth += 1 }
      tokens.append(Token(kind: .sign, text: String(character), depth: depth))
      if character == ")" { depth -= 1 }
    }
  }
}
