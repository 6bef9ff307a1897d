/// Writes a tree as YAML 1.2 in block style.
///
/// YAML is a superset of JSON, so all text is written as JSON strings: no text can be taken for a
/// number, a boolean, an alias or a comment. What a template has without quotes stays so, because
/// only the client knows which type it reads it as.
package struct YAMLWriter {
  /// The text of a document without secrets.
  package static func text(_ object: DocumentObject) -> String {
    var template = DocumentTemplate()
    YAMLWriter().write(object, to: &template)
    return String(decoding: template.literals, as: UTF8.self)
  }

  func write(_ object: DocumentObject, to template: inout DocumentTemplate) {
    write(object, level: 0, startsInLine: false, to: &template)
  }

  private func write(
    _ object: DocumentObject,
    level: Int,
    startsInLine: Bool,
    to template: inout DocumentTemplate
  ) {
    for (index, member) in object.members.enumerated() {
      if index > 0 || !startsInLine { indent(level, &template) }
      writeKey(member.key, to: &template)
      template.append(UInt8(ascii: ":"))
      writeValue(member.value, level: level, to: &template)
    }
  }

  /// Writes what follows a key: in the same line, or on the lines below it.
  private func writeValue(_ value: DocumentValue, level: Int, to template: inout DocumentTemplate) {
    switch value {
    case .object(let object) where !object.members.isEmpty:
      template.append(UInt8(ascii: "\n"))
      write(object, level: level + 1, startsInLine: false, to: &template)
    case .array(let elements) where !elements.isEmpty:
      template.append(UInt8(ascii: "\n"))
      for element in elements { writeElement(element, level: level + 1, to: &template) }
    default:
      template.append(UInt8(ascii: " "))
      writeInLine(value, to: &template)
    }
  }

  private func writeElement(
    _ element: DocumentValue,
    level: Int,
    to template: inout DocumentTemplate
  ) {
    indent(level, &template)
    template.append("- ")
    if case .object(let object) = element, !object.members.isEmpty {
      write(object, level: level + 1, startsInLine: true, to: &template)
    } else {
      writeInLine(element, to: &template)
    }
  }

  /// Writes scalars, and what is empty or nested in lists, in YAML's flow style, which is JSON.
  private func writeInLine(_ value: DocumentValue, to template: inout DocumentTemplate) {
    if case .plain(let text) = value {
      template.append(text)
      template.append(UInt8(ascii: "\n"))
      return
    }
    JSONWriter(isIndented: false).write(value, to: &template)
    template.append(UInt8(ascii: "\n"))
  }

  /// Keys that look like identifiers need no quotes, unless YAML 1.1 takes them for a boolean or
  /// null.
  private func writeKey(_ key: String, to template: inout DocumentTemplate) {
    let isAmbiguous = key.utf8.count <= Self.longestAmbiguousKey && Self.ambiguousKeys.contains(key)
    if Self.isIdentifier(key), !isAmbiguous {
      template.append(key)
    } else {
      template.append(quoting: key)
    }
  }

  /// Whether it is letters, digits, hyphens and underscores, a letter first.
  private static func isIdentifier(_ key: String) -> Bool {
    var key = key
    return key.withUTF8 { bytes in
      guard let first = bytes.first, isLetter(first) else { return false }
      return bytes.allSatisfy { byte in
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      }
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static let longestAmbiguousKey = 5
  /// The words that YAML 1.1 (tag:yaml.org,2002:bool and null) does not read as strings.
  private static let ambiguousKeys: Set<String> = Set(
    ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].flatMap { word in
      [word, word.uppercased(), word.prefix(1).uppercased() + word.dropFirst()]
    }
  )

  private func indent(_ level: Int, _ template: inout DocumentTemplate) {
    for _ in 0..<level { template.append("  ") }
  }
}
