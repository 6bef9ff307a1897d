/// Writes a tree as JSON (RFC 8259).
struct JSONWriter {
  /// Documents for people are indented by two spaces a level; those for programs have no white space.
  var isIndented: Bool

  func write(_ value: DocumentValue, to template: inout DocumentTemplate) {
    write(value, level: 0, to: &template)
  }

  private func write(_ value: DocumentValue, level: Int, to template: inout DocumentTemplate) {
    switch value {
    case .null, .boolean, .integer, .string, .credential:
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
    case .credential(let text): template.append(quoting: text)
    case .array, .object: preconditionFailure("not a scalar")
    }
  }
}
