import Foundation
import SubscriptionFormats
import Testing

/// Reads documents of lines the way their clients are documented to, and knows nothing of how they
/// were written.
enum DocumentReader {
  struct Node: Hashable {
    var name: String
    var type: String
    var host: String
    var port: Int
    /// What stands behind the port without a key.
    var values: [String]
    var options: [String: String]
  }

  struct Malformed: Error {
    let line: String
  }

  static func base64(_ text: some StringProtocol) -> Data? {
    let standard = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    return Data(
      base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4)
    )
  }

  /// Percent-encoded text as it was. Foundation's own decoder drops a byte order mark.
  static func percentDecoded(_ text: some StringProtocol) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  /// The lines of a list, out of its base64 where it has that.
  static func lines(_ document: [UInt8], _ format: SubscriptionFormat) throws -> [String] {
    let text = format.isBase64 ? try #require(Data(base64Encoded: Data(document))) : Data(document)
    // A line ends where any program may think so.
    return String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
  }

  /// The nodes of a document of Surge, Surfboard, Loon or Quantumult X.
  static func nodes(_ document: [UInt8], _ format: SubscriptionFormat) throws -> [Node] {
    switch format {
    case .quantumultX: return try lines(document, format).map(quantumultX)
    case .loon: return try lines(document, format).map(named)
    default: return try section("[Proxy]", document).map(named)
    }
  }

  /// The members of each group, without options.
  static func groups(_ document: [UInt8]) throws -> [String: [String]] {
    var groups: [String: [String]] = [:]
    for line in try section("[Proxy Group]", document) {
      let (name, rest) = try halves(line, "=")
      groups[name] = fields(rest).dropFirst().filter { !$0.contains("=") }
    }
    return groups
  }

  static func section(_ header: String, _ document: [UInt8]) throws -> [String] {
    let lines = String(decoding: document, as: UTF8.self).split(whereSeparator: \.isNewline).map(
      String.init
    )
    guard let start = lines.firstIndex(of: header) else { throw Malformed(line: header) }
    return lines[(start + 1)...].prefix { !$0.hasPrefix("[") }.filter {
      !$0.hasPrefix("#") && !$0.hasPrefix("//") && !$0.hasPrefix(";")
    }
  }

  private static func named(_ line: String) throws -> Node {
    let (name, rest) = try halves(line, "=")
    let fields = fields(rest)
    guard fields.count >= 3, let port = Int(fields[2]) else { throw Malformed(line: line) }
    var node = Node(
      name: name,
      type: fields[0],
      host: fields[1],
      port: port,
      values: [],
      options: [:]
    )
    for field in fields[3...] { try add(field, to: &node) }
    return node
  }

  private static func quantumultX(_ line: String) throws -> Node {
    let fields = line.components(separatedBy: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let (type, address) = try halves(fields[0], "=")
    guard let colon = address.lastIndex(of: ":"),
      let port = Int(address[address.index(after: colon)...])
    else {
      throw Malformed(line: line)
    }
    var node = Node(
      name: "",
      type: type,
      host: String(address[..<colon]),
      port: port,
      values: [],
      options: [:]
    )
    for field in fields.dropFirst() { try add(field, to: &node) }
    guard let name = node.options.removeValue(forKey: "tag") else { throw Malformed(line: line) }
    node.name = name
    return node
  }

  private static func add(_ field: String, to node: inout Node) throws {
    let isKey: (Character) -> Bool = { $0.isLetter || $0.isNumber || $0 == "-" }
    if !field.hasPrefix("\""), field.contains("="), let (key, value) = try? halves(field, "="),
      key.allSatisfy(isKey)
    {
      if node.options.updateValue(unquoted(value), forKey: key) != nil {
        throw Malformed(line: field)
      }
    } else {
      node.values.append(unquoted(field))
    }
  }

  private static func halves(_ text: String, _ separator: Character) throws -> (String, String) {
    guard let index = text.firstIndex(of: separator) else { throw Malformed(line: text) }
    return (
      text[..<index].trimmingCharacters(in: .whitespaces),
      text[text.index(after: index)...].trimmingCharacters(in: .whitespaces)
    )
  }

  /// What stands between commas outside double quotes.
  private static func fields(_ text: String) -> [String] {
    var isQuoted = false
    return text.split(omittingEmptySubsequences: false) { character in
      if character == "\"" { isQuoted.toggle() }
      return character == "," && !isQuoted
    }.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func unquoted(_ text: String) -> String {
    text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
      ? String(text.dropFirst().dropLast()) : text
  }
}
