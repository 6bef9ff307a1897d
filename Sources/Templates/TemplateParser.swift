/// Reads a template's text from front to back.
struct TemplateParser {
  /// Deeper sections are a mistake, and each level is a call on the stack.
  static let deepestNesting = 32

  private static let longestQuote = 40

  private struct OpenSection {
    let name: String
    let isInverted: Bool
    let line: Int
    var parts: [Template.Part] = []
  }

  private enum Tag {
    case value(String, isEscaped: Bool)
    case section(String, isInverted: Bool)
    case end(String)
    case comment

    /// Whether a line that holds nothing else disappears with it.
    var canStandAlone: Bool {
      if case .value = self { false } else { true }
    }
  }

  private var rest: Substring
  private var line = 1
  private var open: [OpenSection] = []
  private var parts: [Template.Part] = []
  /// Whether nothing but blanks was read since the last line began.
  private var isAtLineStart = true

  init(_ source: String) {
    rest = source[...]
  }

  mutating func parse() throws(Template.SyntaxError) -> [Template.Part] {
    while let start = rest.firstRange(of: "{{") {
      var text = rest[..<start.lowerBound]
      let textIsBlankLine = blankTail(of: text) != nil
      let tagLine = line + text.lineEnds
      rest = rest[start.upperBound...]
      let (tag, inner) = try readTag(at: tagLine)
      if tag.canStandAlone, textIsBlankLine, let after = afterBlankLine(rest) {
        // Neither its indentation nor its line end is part of the text.
        text = text[..<(blankTail(of: text) ?? text.endIndex)]
        line = tagLine + inner.lineEnds + rest[..<after].lineEnds
        rest = rest[after...]
        isAtLineStart = true
      } else {
        line = tagLine + inner.lineEnds
        isAtLineStart = false
      }
      add(text)
      try apply(tag, at: tagLine)
    }
    add(rest)
    if let section = open.last { throw .unclosedSection(section.name, line: section.line) }
    return parts
  }

  private mutating func add(_ text: Substring) {
    if !text.isEmpty { add(.text(String(text))) }
  }

  private mutating func add(_ part: Template.Part) {
    if open.isEmpty { parts.append(part) } else { open[open.count - 1].parts.append(part) }
  }

  private mutating func apply(_ tag: Tag, at line: Int) throws(Template.SyntaxError) {
    switch tag {
    case .comment: break
    case .value(let name, let isEscaped): add(.value(name, isEscaped: isEscaped))
    case .section(let name, let isInverted):
      guard open.count < Self.deepestNesting else { throw .nestedTooDeep(line: line) }
      open.append(OpenSection(name: name, isInverted: isInverted, line: line))
    case .end(let name):
      guard let section = open.last, section.name == name else {
        throw .unexpectedEnd(name, line: line)
      }
      open.removeLast()
      add(.section(name, isInverted: section.isInverted, section.parts))
    }
  }

  private mutating func readTag(at line: Int) throws(Template.SyntaxError) -> (
    Tag, inner: Substring
  ) {
    let isTriple = rest.hasPrefix("{")
    guard let end = rest.firstRange(of: isTriple ? "}}}" : "}}") else {
      throw .unclosedTag(line: line)
    }
    let inner = rest[..<end.lowerBound]
    rest = rest[end.upperBound...]
    let content = inner.dropFirst(isTriple ? 1 : 0)
    if isTriple { return (.value(try name(content, at: line), isEscaped: false), inner) }
    let tag: Tag =
      switch content.first {
      case "!": .comment
      case "&": .value(try name(content.dropFirst(), at: line), isEscaped: false)
      case "#": .section(try name(content.dropFirst(), at: line), isInverted: false)
      case "^": .section(try name(content.dropFirst(), at: line), isInverted: true)
      case "/": .end(try name(content.dropFirst(), at: line))
      case ">", "=", "<", "$", "%": throw .unsupportedTag(Self.quote(content), line: line)
      default: .value(try name(content, at: line), isEscaped: true)
      }
    return (tag, inner)
  }

  private func name(_ content: Substring, at line: Int) throws(Template.SyntaxError) -> String {
    let name = content.trimmingBlanks
    let isWellFormed =
      !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
    guard isWellFormed else { throw .malformedName(Self.quote(content), line: line) }
    return String(name)
  }

  private static func quote(_ content: Substring) -> String { String(content.prefix(longestQuote)) }

  /// Where the blanks begin that the last line of `text` consists of; nil where it holds anything
  /// else.
  private func blankTail(of text: Substring) -> Substring.Index? {
    let lineStart = text.lastIndex(where: \.isNewline).map(text.index(after:))
    guard lineStart != nil || isAtLineStart else { return nil }
    let tail = text[(lineStart ?? text.startIndex)...]
    return tail.allSatisfy { $0 == " " || $0 == "\t" } ? tail.startIndex : nil
  }

  /// Where the next line begins, if this one goes on with nothing but blanks.
  private func afterBlankLine(_ text: Substring) -> Substring.Index? {
    let end = text.firstIndex { $0 != " " && $0 != "\t" } ?? text.endIndex
    if end == text.endIndex { return end }
    return text[end].isNewline ? text.index(after: end) : nil
  }
}

extension Substring {
  fileprivate var lineEnds: Int { count(where: \.isNewline) }

  fileprivate var trimmingBlanks: Substring {
    let front = drop { $0.isWhitespace }
    return front.lastIndex { !$0.isWhitespace }.map { front[...$0] } ?? front.prefix(0)
  }
}
