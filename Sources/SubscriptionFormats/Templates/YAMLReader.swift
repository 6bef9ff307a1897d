/// Reads the YAML 1.2 that people write profiles in: block and flow collections, all kinds of
/// scalars, comments, anchors, merge keys.
///
/// Not read: tags, directives, keys that are collections, several documents, and plain or quoted
/// text that runs on in the next line; each is refused with its line. Plain scalars keep their
/// spelling, because only the client knows the type it wants.
struct YAMLReader {
  private let lines: [[UInt8]]
  var line = 0
  var column = 0
  private var anchors: [String: DocumentValue] = [:]
  private var copied = 0
  private var depth = 0

  /// The deepest nesting: far more than a profile has.
  private static let deepestNesting = 64
  /// How much aliases may copy in total, so that aliases of aliases don't fill the memory.
  private static let maxCopies = 100_000

  static func read(_ text: String) throws(ProfileTemplateError) -> DocumentValue {
    var reader = YAMLReader(text)
    guard try reader.moveToContent() else { return .null }
    let value = try reader.readNode()
    if try reader.moveToContent() {
      throw reader.error("doesn't belong to the lines above it: its indentation is wrong")
    }
    return value
  }

  private init(_ text: String) {
    let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map
    { line in
      line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : Array(line)
    }
    if let start = lines.first, start.starts(with: "---".utf8), start.count == 3 { lines[0] = [] }
    if let end = lines.firstIndex(of: Array("...".utf8)) { lines.removeSubrange(end...) }
    self.lines = lines
  }

  func error(_ reason: String) -> ProfileTemplateError {
    ProfileTemplateError(reason, line: min(line + 1, lines.count))
  }

  // MARK: The position

  var next: UInt8? { byte(at: column) }

  func byte(at column: Int) -> UInt8? {
    line < lines.count && column < lines[line].count ? lines[line][column] : nil
  }

  mutating func skipSpaces() {
    while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { column += 1 }
  }

  /// Whether nothing but a comment is left in the line.
  mutating func isAtEnd() -> Bool {
    let hadSpace = column == 0 || byte(at: column - 1) == UInt8(ascii: " ")
    let start = column
    skipSpaces()
    return next == nil || (next == UInt8(ascii: "#") && (hadSpace || column > start))
  }

  private var isFirstInLine: Bool {
    line >= lines.count || lines[line].prefix(column).allSatisfy { $0 == UInt8(ascii: " ") }
  }

  /// Moves on to the next content, in this line or below; false at the end of the document.
  mutating func moveToContent() throws(ProfileTemplateError) -> Bool {
    while line < lines.count {
      if !isAtEnd() {
        if lines[line].prefix(column).contains(UInt8(ascii: "\t")),
          lines[line].prefix(column).allSatisfy({ $0 <= 0x20 })
        {
          throw error("is indented with a tab; YAML requires spaces")
        }
        return true
      }
      line += 1
      column = 0
    }
    return false
  }

  mutating func nested<T>(_ read: (inout Self) throws(ProfileTemplateError) -> T)
    throws(ProfileTemplateError) -> T
  {
    depth += 1
    guard depth <= Self.deepestNesting else { throw error("is nested too deeply") }
    let value = try read(&self)
    depth -= 1
    return value
  }

  // MARK: Block collections

  private var isElement: Bool {
    next == UInt8(ascii: "-")
      && (byte(at: column + 1) == nil || byte(at: column + 1) == UInt8(ascii: " "))
  }

  /// Reads what begins at the position.
  private mutating func readNode() throws(ProfileTemplateError) -> DocumentValue {
    try nested { reader throws(ProfileTemplateError) in
      if reader.isElement { return .array(try reader.readSequence()) }
      if reader.isKey() { return .object(try reader.readMapping()) }
      return try reader.readInLine(parent: -1)
    }
  }

  private mutating func readSequence() throws(ProfileTemplateError) -> [DocumentValue] {
    let indent = column
    var elements: [DocumentValue] = []
    while true {
      column += 1
      if isAtEnd() {
        elements.append(try readBelow(indent: indent, isSequenceAllowed: false))
      } else if isElement || isKey() {
        elements.append(try readNode())
      } else {
        elements.append(try readInLine(parent: indent))
      }
      guard try moveToNext(indent: indent), isElement else { return elements }
    }
  }

  private mutating func readMapping() throws(ProfileTemplateError) -> DocumentObject {
    let indent = column
    var object = DocumentObject()
    var merged: [DocumentObject] = []
    while true {
      let key = try readKey()
      let value = try readMember(indent: indent)
      if key == "<<" {
        merged += try mergeable(value)
      } else {
        if object[key] != nil { throw error("the key \(key) appears twice") }
        object.add(key, value)
      }
      guard try moveToNext(indent: indent), !isElement else { break }
      if !isKey() { throw error("must be a key with a colon and a space after it") }
    }
    for other in merged {
      for member in other.members where object[member.key] == nil {
        object.add(member.key, member.value)
      }
    }
    return object
  }

  private func mergeable(_ value: DocumentValue) throws(ProfileTemplateError) -> [DocumentObject] {
    let objects = value.array?.compactMap(\.object) ?? value.object.map { [$0] } ?? []
    if objects.isEmpty { throw error("<< must have mappings to merge") }
    return objects
  }

  /// Moves to the next entry of the collection at `indent`; false if it has ended.
  private mutating func moveToNext(indent: Int) throws(ProfileTemplateError) -> Bool {
    // A block below has already led to the line behind it.
    guard isFirstInLine || isAtEnd() else { throw error("has something after the value") }
    guard try moveToContent(), column >= indent else { return false }
    if column > indent { throw error("is indented too far") }
    return true
  }

  /// The value behind a key: in its line, or below it.
  private mutating func readMember(indent: Int) throws(ProfileTemplateError) -> DocumentValue {
    isAtEnd()
      ? try readBelow(indent: indent, isSequenceAllowed: true) : try readInLine(parent: indent)
  }

  /// The value on the lines below a key or a hyphen, or null if they don't belong to it.
  private mutating func readBelow(indent: Int, isSequenceAllowed: Bool) throws(ProfileTemplateError)
    -> DocumentValue
  {
    let start = (line, column)
    guard try moveToContent() else {
      (line, column) = (lines.count - 1, lines[lines.count - 1].count)
      return .null
    }
    if column > indent || (isSequenceAllowed && column == indent && isElement) {
      return try readNode()
    }
    (line, column) = start
    return .null
  }

  // MARK: Values in the line

  private mutating func readInLine(parent: Int) throws(ProfileTemplateError) -> DocumentValue {
    switch next {
    case UInt8(ascii: "&"):
      column += 1
      let name = readName()
      let value = try nested { reader throws(ProfileTemplateError) in
        try reader.readMember(indent: parent)
      }
      anchors[name] = value
      return value
    case UInt8(ascii: "*"):
      return try readAlias()
    case UInt8(ascii: "|"), UInt8(ascii: ">"):
      return .string(try readBlockText(parent: parent))
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      return try nested { reader throws(ProfileTemplateError) in try reader.readFlow() }
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      return .string(try readQuoted())
    default:
      return try readPlain(isInFlow: false)
    }
  }

  mutating func readAlias() throws(ProfileTemplateError) -> DocumentValue {
    column += 1
    let name = readName()
    guard let value = anchors[name] else { throw error("there is no anchor &\(name) above") }
    copied += value.count
    guard copied <= Self.maxCopies else { throw error("aliases copy too much") }
    return value
  }

  private mutating func readName() -> String {
    let start = column
    while let byte = next, byte > 0x20, !",[]{}".utf8.contains(byte) { column += 1 }
    return String(decoding: lines[line][start..<column], as: UTF8.self)
  }

  /// Text below `|` or `>`, up to the line that is indented no more than its key.
  private mutating func readBlockText(parent: Int) throws(ProfileTemplateError) -> String {
    let isFolded = next == UInt8(ascii: ">")
    column += 1
    let chomping = next
    if chomping == UInt8(ascii: "-") || chomping == UInt8(ascii: "+") { column += 1 }
    guard isAtEnd() else { throw error("must have only - or + after | or >") }
    var texts: [String] = []
    var indent: Int?
    while line + 1 < lines.count {
      let text = lines[line + 1]
      let spaces = text.prefix { $0 == UInt8(ascii: " ") }.count
      if spaces == text.count {
        texts.append("")
      } else {
        let margin = indent ?? spaces
        guard spaces > parent, spaces >= margin else { break }
        indent = margin
        texts.append(String(decoding: text.dropFirst(margin), as: UTF8.self))
      }
      line += 1
    }
    column = lines[line].count
    var empty = 0
    while texts.last == "" {
      texts.removeLast()
      empty += 1
    }
    let joined = isFolded ? Self.folded(texts) : texts.joined(separator: "\n")
    switch chomping {
    case UInt8(ascii: "-"): return joined
    case UInt8(ascii: "+"): return joined + String(repeating: "\n", count: empty + 1)
    default: return texts.isEmpty ? "" : joined + "\n"
    }
  }

  /// Lines become words of one line, and empty lines its breaks.
  private static func folded(_ texts: [String]) -> String {
    var result = ""
    for (index, text) in texts.enumerated() {
      if text.isEmpty {
        result += "\n"
      } else if index > 0, !texts[index - 1].isEmpty {
        result += " " + text
      } else {
        result += text
      }
    }
    return result
  }
}

extension DocumentValue {
  /// How many values the tree has.
  fileprivate var count: Int {
    switch self {
    case .array(let elements): elements.reduce(1) { $0 + $1.count }
    case .object(let object): object.members.reduce(1) { $0 + $1.value.count }
    default: 1
    }
  }
}
