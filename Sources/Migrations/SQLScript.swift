/// Splits a script into its statements, so that a failing one can be named.
///
/// Knows what can hide a semicolon: quotes, dollar quotes, identifiers and comments (nested block
/// comments too). Source: PostgreSQL documentation, "Lexical Structure".
struct SQLScript {
  struct Statement: Hashable, Sendable {
    let text: String
    /// The line of its first character, from 1.
    let line: Int
  }

  let statements: [Statement]

  init(_ sql: String) {
    var scanner = Scanner(Array(sql.utf8))
    statements = scanner.statements()
  }

  private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
    }

    mutating func statements() -> [Statement] {
      var result: [Statement] = []
      var start: Int?
      while position < bytes.count {
        if skipComment() { continue }
        let byte = bytes[position]
        if byte == UInt8(ascii: ";") {
          if let first = start { result.append(statement(from: first, to: position)) }
          start = nil
          position += 1
          continue
        }
        if !Self.isSpace(byte), start == nil { start = position }
        if !skipQuoted() { position += 1 }
      }
      if let first = start { result.append(statement(from: first, to: bytes.count)) }
      return result
    }

    private func statement(from start: Int, to end: Int) -> Statement {
      let line = bytes[..<start].count { $0 == UInt8(ascii: "\n") } + 1
      return Statement(text: String(decoding: bytes[start..<end], as: UTF8.self), line: line)
    }

    private mutating func skipComment() -> Bool {
      if matches("--") {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        return true
      }
      guard matches("/*") else { return false }
      var depth = 0
      while position < bytes.count {
        if matches("/*") {
          depth += 1
          position += 2
        } else if matches("*/") {
          depth -= 1
          position += 2
          if depth == 0 { break }
        } else {
          position += 1
        }
      }
      return true
    }

    /// Skips a quoted region that begins here.
    private mutating func skipQuoted() -> Bool {
      switch bytes[position] {
      case UInt8(ascii: "'"): skip(to: UInt8(ascii: "'"), backslashEscapes: isEscapeString)
      case UInt8(ascii: "\""): skip(to: UInt8(ascii: "\""), backslashEscapes: false)
      case UInt8(ascii: "$"): return skipDollarQuoted()
      default: return false
      }
      return true
    }

    /// `E'…'` takes backslash escapes, unless the E ends a longer word.
    private var isEscapeString: Bool {
      guard position > 0, bytes[position - 1] | 0x20 == UInt8(ascii: "e") else { return false }
      return position == 1 || !Self.isWord(bytes[position - 2])
    }

    private mutating func skip(to quote: UInt8, backslashEscapes: Bool) {
      position += 1
      while position < bytes.count {
        if backslashEscapes, bytes[position] == UInt8(ascii: "\\") {
          position += 2
        } else if bytes[position] == quote {
          position += 1
          guard position < bytes.count, bytes[position] == quote else { return }
          position += 1
        } else {
          position += 1
        }
      }
    }

    private mutating func skipDollarQuoted() -> Bool {
      if position > 0, Self.isWord(bytes[position - 1]) { return false }
      var end = position + 1
      while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
      guard end < bytes.count, bytes[end] == UInt8(ascii: "$") else { return false }
      let tag = Array(bytes[position...end])
      position = end + 1
      while position < bytes.count {
        if bytes[position...].starts(with: tag) {
          position += tag.count
          return true
        }
        position += 1
      }
      return true
    }

    private func matches(_ text: StaticString) -> Bool {
      let count = text.utf8CodeUnitCount
      guard position + count <= bytes.count else { return false }
      return (0..<count).allSatisfy { bytes[position + $0] == text.utf8Start[$0] }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
      byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "_") || byte >= 0x80
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
  }
}
