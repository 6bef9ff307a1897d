/// Writes a tree as JSON (RFC 8259).
package struct JSONWriter {
  /// Documents for people are indented by two spaces per level. Documents for programs have no
  /// white space.
  var isIndented: Bool

  /// The bytes of a document without secrets, for programs.
  package static func compact(_ object: DocumentObject) -> [UInt8] {
    var template = DocumentTemplate()
    JSONWriter(isIndented: false).write(.object(object), to: &template)
    return template.literals
  }

  /// The text of a document without secrets, for people.
  package static func indented(_ object: DocumentObject) -> String {
    var template = DocumentTemplate()
    JSONWriter(isIndented: true).write(.object(object), to: &template)
    return String(decoding: template.literals, as: UTF8.self) + "\n"
  }

  func write(_ value: DocumentValue, to template: inout DocumentTemplate) {
    write(value, level: 0, to: &template)
  }

  private func write(_ value: DocumentValue, level: Int, to template: inout DocumentTemplate) {
    switch value {
    case .null, .boolean, .integer, .string, .plain, .credential:
      ScalarWriter.write(value, to: &template)
    case .array(let elements):
      guard !elements.isEmpty else { return template.append("[]") }
      template.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { template.append(UInt8(ascii: ",")) }
        breakLine(level: level + 1, &template)
        write(element, level: level + 1, to: &template)
      }
      breakLine(level: level, &template)
      template.append(UInt8(ascii: "]"))
    case .object(let object):
      guard !object.members.isEmpty else { return template.append("{}") }
      template.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { template.append(UInt8(ascii: ",")) }
        breakLine(level: level + 1, &template)
        template.append(quoting: member.key)
        template.append(UInt8(ascii: ":"))
        if isIndented { template.append(UInt8(ascii: " ")) }
        write(member.value, level: level + 1, to: &template)
      }
      breakLine(level: level, &template)
      template.append(UInt8(ascii: "}"))
    }
  }

  private func breakLine(level: Int, _ template: inout DocumentTemplate) {
    guard isIndented else { return }
    template.append(UInt8(ascii: "\n"))
    for _ in 0..<level { template.append("  ") }
  }
}

/// Writes the values that JSON and YAML write alike.
enum ScalarWriter {
  static func write(_ value: DocumentValue, to template: inout DocumentTemplate) {
    switch value {
    case .null: template.append("null")
    case .boolean(let value): value ? template.append("true") : template.append("false")
    case .integer(let value): template.append(String(value))
    case .string(let text): template.append(quoting: text)
    case .plain(let text): isNumber(text) ? template.append(text) : template.append(quoting: text)
    case .credential(let text): template.append(quoting: text)
    case .array, .object: preconditionFailure("not a scalar")
    }
  }

  /// Whether it is a number of JSON (RFC 8259 section 6).
  static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let hasLeadingZero = rest.first == UInt8(ascii: "0")
    guard let integer = takeDigits(&rest), integer == 1 || !hasLeadingZero else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      if takeDigits(&rest) == nil { return false }
    }
    if let exponent = rest.first, exponent | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      if takeDigits(&rest) == nil { return false }
    }
    return rest.isEmpty
  }

  private static func takeDigits(_ text: inout Substring.UTF8View) -> Int? {
    let digits = text.prefix(while: isDigit)
    text = text.dropFirst(digits.count)
    return digits.isEmpty ? nil : digits.count
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
