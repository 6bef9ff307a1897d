/// Names of SQL as names of Swift.
enum SwiftName {
  /// `code_hmac` becomes `codeHmac` and `node_id` becomes `nodeID`, as swift-protobuf spells them.
  static func lowerCamel(_ name: String) -> String {
    let words = name.split { !$0.isLetter && !$0.isNumber }
    guard let first = words.first else { return "" }
    return first.prefix(1).lowercased() + first.dropFirst()
      + words.dropFirst().map(capitalized).joined()
  }

  private static func capitalized(_ word: Substring) -> String {
    abbreviations[word.lowercased()] ?? word.prefix(1).uppercased() + word.dropFirst()
  }

  // In capitals everywhere but at the start of a name.
  private static let abbreviations = [
    "id": "ID", "ids": "IDs", "url": "URL", "urls": "URLs", "http": "HTTP", "https": "HTTPS",
  ]

  /// Whether it can be the name of a Swift type.
  static func isTypeName(_ name: some StringProtocol) -> Bool {
    name.first?.isUppercase == true && isIdentifier(String(name)) && !name.contains("_")
  }

  /// `name`, in backticks where Swift reserves the word.
  static func escaped(_ name: String) -> String {
    reserved.contains(name) ? "`\(name)`" : name
  }

  static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.first, first.isLetter || first == "_" else { return false }
    return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }

  // Words that can't be the name of a stored property or an argument without backticks.
  private static let reserved: Set<String> = [
    "Any", "Protocol", "Self", "Type", "as", "associatedtype", "break", "case", "catch", "class",
    "continue", "default", "defer", "deinit",
    "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func",
    "guard", "if", "import", "in", "init", "inout",
    "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public",
    "repeat", "rethrows", "return", "self",
    "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "var", "where", "while",
  ]
}
