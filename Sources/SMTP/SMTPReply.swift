/// What a mail server answered to a command (RFC 5321 section 4.2).
package struct SMTPReply: Hashable, Sendable, CustomStringConvertible {
  /// Three digits: 2xx done, 3xx go on, 4xx try again later, 5xx never.
  package let code: Int
  /// The text of all its lines, separated by newlines; it begins with an enhanced status code where
  /// the server sends them.
  package let text: String

  package init(code: Int, text: String) {
    self.code = code
    self.text = text
  }

  /// The enhanced status code (RFC 3463), such as `5.1.1` for an unknown mailbox.
  package var enhancedCode: String? {
    let word = text.prefix { !$0.isWhitespace }
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3,
      parts.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy(isDigit) })
    else { return nil }
    return String(word)
  }

  /// The code and the text, as the server wrote them.
  package var description: String { "\(code) \(text)" }

  var isTransientFailure: Bool { (400..<500).contains(code) }
  var isFailure: Bool { code >= 400 }
}

/// Collects a server's lines into replies and keeps the last one that isn't the goodbye after a
/// failure.
struct SMTPReplyParser {
  /// A server that never ends its reply must not fill the memory; RFC 5321 wants 512 bytes a line
  /// and a few lines.
  static let maximumTextBytes = 8 * 1024

  /// The answer to QUIT.
  private static let goodbye = 221

  private(set) var last: SMTPReply?
  private var lines: [Substring] = []
  private var length = 0

  /// Takes one line, with or without its line end.
  mutating func receive(_ line: String) {
    let line = line.filter { !$0.isNewline }
    let digits = line.utf8.prefix(3)
    guard digits.count == 3, digits.allSatisfy(isDigit), let code = Int(line.prefix(3)) else {
      return
    }
    let rest = line.dropFirst(3)
    let text = rest.dropFirst()
    if length + text.utf8.count <= Self.maximumTextBytes {
      lines.append(text)
      length += text.utf8.count
    }
    guard rest.first != "-" else { return }
    if code != Self.goodbye { last = SMTPReply(code: code, text: lines.joined(separator: "\n")) }
    lines = []
    length = 0
  }
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
