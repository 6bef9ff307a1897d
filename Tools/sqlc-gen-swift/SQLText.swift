/// The text of a statement, cut into what is code, what is quoted and what is comment.
struct SQLText {
  enum Piece: Equatable {
    case code(String)
    /// A string, a quoted name or a dollar-quoted body, with its quotes.
    case quoted(String)
    case comment(String)
  }

  let pieces: [Piece]

  init(_ text: String) {
    var scanner = Scanner(text)
    pieces = scanner.scan()
  }

  /// The code alone, in upper case, each quoted piece replaced by a blank.
  var keywords: [Substring] {
    pieces.map { if case .code(let text) = $0 { text.uppercased() } else { " " } }.joined()
      .split { !$0.isLetter && !$0.isNumber && $0 != "_" }
  }

  /// Whether the statement takes locks that last until its transaction ends, so that outside of one
  /// they would be let go at once.
  var isLocking: Bool {
    let words = keywords
    for index in words.indices {
      let rest = words[index...]
      if rest.starts(with: ["FOR", "UPDATE"]) || rest.starts(with: ["FOR", "SHARE"])
        || rest.starts(with: ["FOR", "NO", "KEY", "UPDATE"])
        || rest.starts(with: ["FOR", "KEY", "SHARE"]) || rest.starts(with: ["LOCK", "TABLE"])
      {
        return true
      }
      if words[index].hasPrefix("PG_ADVISORY_XACT_LOCK")
        || words[index].hasPrefix("PG_TRY_ADVISORY_XACT_LOCK")
      {
        return true
      }
    }
    return false
  }

  /// The statement without comments and empty lines, no line longer than `width` where a space
  /// allows to break it.
  func lines(width: Int) -> [String] {
    var layout = Layout(width: width)
    for piece in pieces {
      switch piece {
      case .quoted(let text): layout.append(text)
      case .comment: layout.space()
      case .code(let text):
        for character in text {
          switch character {
          case "\n", "\r\n": layout.newline()
          case " ", "\t", "\r": layout.space()
          default: layout.append(String(character))
          }
        }
      }
    }
    return layout.finish()
  }
}

extension SQLText {
  /// Puts words on lines.
  struct Layout {
    let width: Int
    private var lines: [String] = []
    private var line = ""
    private var indent = ""
    private var word = ""
    private var hasWords = false

    init(width: Int) {
      self.width = width
    }

    /// Plain text, its words on lines that begin at the margin.
    static func filled(_ text: String, width: Int) -> [String] {
      var lines: [String] = []
      for word in text.split(separator: " ") {
        if let last = lines.last, last.count + 1 + word.count <= width {
          lines[lines.count - 1] = "\(last) \(word)"
        } else {
          lines.append(String(word))
        }
      }
      return lines
    }

    mutating func append(_ text: String) {
      word += text
    }

    mutating func space() {
      if word.isEmpty, !hasWords {
        indent += " "
      } else {
        endWord()
      }
    }

    mutating func newline() {
      endWord()
      if hasWords { lines.append(line) }
      (line, indent, hasWords) = ("", "", false)
    }

    mutating func finish() -> [String] {
      newline()
      return lines
    }

    private mutating func endWord() {
      guard !word.isEmpty else { return }
      if !hasWords {
        line = indent + word
      } else if line.count + 1 + word.count > width {
        lines.append(line)
        line = "\(indent)  \(word)"
      } else {
        line += " \(word)"
      }
      (word, hasWords) = ("", true)
    }
  }
}
