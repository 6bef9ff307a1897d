/// A template of Surge or Surfboard: lines below `[Section]` headers.
struct SurgeTemplate: Sendable {
  private let sections: [Section]
  private let groups: TemplateGroups
  /// The names of groups and of the template's own nodes.
  let names: [String]

  private struct Section: Sendable {
    let header: String
    var lines: [Line] = []
  }

  private struct Line: Sendable {
    let text: String
    let number: Int

    /// Blank lines and comments stay as they are.
    var isContent: Bool {
      let content = text.drop { $0 == " " || $0 == "\t" }
      return !content.isEmpty && !content.hasPrefix("#") && !content.hasPrefix(";")
        && !content.hasPrefix("//")
    }
  }

  private static let builtIn: Set<String> = [
    "DIRECT", "REJECT", "REJECT-DROP", "REJECT-NO-DROP", "REJECT-TINYGIF", "CELLULAR",
    "CELLULAR-ONLY", "HYBRID", "NO-HYBRID",
  ]

  init(_ text: String) throws(ProfileTemplateError) {
    sections = try Self.sections(text)
    let ownNodes = try Self.entries(in: "[Proxy]", of: sections).map(\.name)
    var groups: [TemplateGroup] = []
    for entry in try Self.entries(in: "[Proxy Group]", of: sections) {
      groups.append(try GroupLine(entry.value, entry.line).group(entry.name))
    }
    self.groups = try TemplateGroups(groups, others: Self.builtIn.union(ownNodes))
    names = ownNodes + groups.map(\.name)
    try checkRules()
  }

  private static func sections(_ text: String) throws(ProfileTemplateError) -> [Section] {
    var sections: [Section] = []
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let line = Line(text: String(raw), number: index + 1)
      if line.text.unicodeScalars.contains(where: {
        $0 != "\t" && LineText.isBreaking($0) && $0 != "\u{FEFF}"
      }) {
        throw ProfileTemplateError("has a control character", line: line.number)
      }
      let content = line.text.drop { $0 == " " || $0 == "\t" }
      if content.hasPrefix("["), let end = content.firstIndex(of: "]") {
        let header = String(content[...end])
        if sections.contains(where: { $0.header == header }) {
          throw ProfileTemplateError("\(header) appears twice", line: line.number)
        }
        sections.append(Section(header: header))
      } else if sections.isEmpty {
        if line.isContent {
          throw ProfileTemplateError("comes before the first [Section]", line: line.number)
        }
      } else {
        sections[sections.count - 1].lines.append(line)
      }
    }
    return sections
  }

  private struct Entry {
    let name: String
    let value: String
    let line: Int
  }

  /// The `name = value` lines of a section.
  private static func entries(in header: String, of sections: [Section])
    throws(ProfileTemplateError) -> [Entry]
  {
    var entries: [Entry] = []
    for line in sections.first(where: { $0.header == header })?.lines ?? [] where line.isContent {
      guard let sign = line.text.firstIndex(of: "=") else {
        throw ProfileTemplateError("must be name = value", line: line.number)
      }
      let name = LineText.name(String(line.text[..<sign]))
      guard !name.isEmpty else {
        throw ProfileTemplateError("must have a name before the =", line: line.number)
      }
      entries.append(
        Entry(
          name: name,
          value: String(line.text[line.text.index(after: sign)...]),
          line: line.number
        )
      )
    }
    return entries
  }

  private func checkRules() throws(ProfileTemplateError) {
    let lines = (sections.first { $0.header == "[Rule]" }?.lines ?? []).filter(\.isContent)
    let targets = Self.builtIn.union(names)
    for line in lines {
      guard let rule = RuleLine(Self.withoutComment(line.text)) else {
        throw ProfileTemplateError("must be TYPE,value,target", line: line.number)
      }
      if !targets.contains(rule.target) {
        throw ProfileTemplateError("there is no group or node \(rule.target)", line: line.number)
      }
    }
    guard let last = lines.last, RuleLine(Self.withoutComment(last.text))?.isFinal == true else {
      throw ProfileTemplateError(
        "[Rule] must end with FINAL,<group>: otherwise traffic that matches no rule would bypass the proxy",
        line: lines.last?.number
      )
    }
  }

  private static func withoutComment(_ text: String) -> String {
    text.firstRange(of: " //").map { String(text[..<$0.lowerBound]) } ?? text
  }

  /// Writes the profile with these nodes in it.
  func write(
    _ nodes: [ProxyNode],
    renderer: SurgeRenderer,
    options: DocumentOptions,
    to template: inout DocumentTemplate
  ) {
    let filled = groups.filled(with: nodes.map(\.name))
    for section in sections {
      template.append(section.header + "\n")
      if section.header == "[Rule]" {
        for rule in DirectRules.domains(options) { template.append(rule + "\n") }
      }
      for line in section.lines {
        if let text = text(of: line, in: section.header, filled) { template.append(text + "\n") }
      }
      if section.header == "[Proxy]" { write(nodes, renderer, to: &template) }
    }
    guard !sections.contains(where: { $0.header == "[Proxy]" }) else { return }
    template.append("[Proxy]\n")
    write(nodes, renderer, to: &template)
  }

  private func write(
    _ nodes: [ProxyNode],
    _ renderer: SurgeRenderer,
    to template: inout DocumentTemplate
  ) {
    for node in nodes { renderer.write(node, to: &template) }
    template.append("\n")
  }

  /// A line as it is with the groups so filled, or nil if it is gone with its group.
  private func text(of line: Line, in section: String, _ filled: TemplateGroups.Filled) -> String? {
    guard line.isContent else { return line.text }
    switch section {
    case "[Proxy Group]":
      guard let sign = line.text.firstIndex(of: "=") else { return nil }
      let name = LineText.name(String(line.text[..<sign]))
      guard let members = filled.members(of: name),
        let group = try? GroupLine(String(line.text[line.text.index(after: sign)...]), line.number)
      else { return nil }
      return group.text(name: name, members: members)
    case "[Rule]":
      guard let rule = RuleLine(Self.withoutComment(line.text)), filled.isDropped(rule.target)
      else { return line.text }
      return rule.isFinal ? rule.text(target: filled.fallback ?? "REJECT") : nil
    default: return line.text
    }
  }
}

/// What stands behind `name =` in `[Proxy Group]`: the type, members, and options.
private struct GroupLine {
  private let type: String
  private let members: [TemplateGroup.Member]
  private let options: [String]
  private let line: Int

  init(_ text: String, _ line: Int) throws(ProfileTemplateError) {
    var fields = Self.split(text)
    type = fields.removeFirst()
    self.line = line
    guard
      ["select", "url-test", "fallback", "load-balance", "smart", "subnet", "ssid"].contains(type)
    else {
      throw ProfileTemplateError(
        "must begin with the group's type: select, url-test, fallback or load-balance",
        line: line
      )
    }
    var members: [TemplateGroup.Member] = []
    var options: [String] = []
    for field in fields where !field.isEmpty {
      let isQuoted = field.count >= 2 && field.hasPrefix("\"") && field.hasSuffix("\"")
      let text = isQuoted ? String(field.dropFirst().dropLast()) : field
      if !text.hasPrefix("/"), text.contains("=") {
        options.append(field)
      } else {
        members.append(
          try TemplateGroup.Member(text, place: TemplateGroup.Place(line: line, path: ""))
        )
      }
    }
    self.members = members
    self.options = options
  }

  func group(_ name: String) -> TemplateGroup {
    let sources = ["policy-path", "include-all-proxies", "include-other-group"]
    return TemplateGroup(
      name: name,
      place: TemplateGroup.Place(line: line, path: ""),
      members: members,
      hasOtherSources: options.contains { option in sources.contains { option.hasPrefix($0) } }
    )
  }

  func text(name: String, members: [String]) -> String {
    "\(name) = " + ([type] + members + options).joined(separator: ", ")
  }

  /// Splits at commas outside double quotes and trims.
  private static func split(_ text: String) -> [String] {
    var isQuoted = false
    let fields = text.split(omittingEmptySubsequences: false) { character in
      if character == "\"" { isQuoted.toggle() }
      return character == "," && !isQuoted
    }
    return fields.map { field in
      let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
      var field = field.drop(while: isBlank)
      while let last = field.last, isBlank(last) { field.removeLast() }
      return String(field)
    }
  }
}
