/// An operator's own profile for one format: checked, and with placeholders for nodes.
///
/// It is a whole profile of the format. In the members of a group, `$nodes` stands for all nodes
/// and `/expression/` for those whose names the regular expression finds; a group without members
/// gets all nodes. The nodes themselves come after the profile's own. A group that has no members
/// left is removed, with every mention of it.
package struct ProfileTemplate: Sendable, Hashable {
  package let format: SubscriptionFormat
  package let text: String
  /// Of the text, so that caches don't hash all of it at every look.
  private let hash: Int
  private let content: Content

  private enum Content: Sendable {
    case clash(ClashTemplate)
    case singBox(SingBoxTemplate)
    case surge(SurgeTemplate)
  }

  /// The longest profile: many times what people write, and few milliseconds to read.
  package static let longestText = 262_144

  /// Reads and checks a template; fails with the first thing that is wrong.
  package init(_ text: String, for format: SubscriptionFormat) throws(ProfileTemplateError) {
    guard text.utf8.count <= Self.longestText else {
      throw ProfileTemplateError("must not be longer than 256 KiB")
    }
    self.format = format
    self.text = text
    hash = text.hashValue
    switch format.templateSyntax {
    case .yaml: content = .clash(try ClashTemplate(text))
    case .json: content = .singBox(try SingBoxTemplate(text))
    case .sections: content = .surge(try SurgeTemplate(text))
    case nil: throw ProfileTemplateError("\(format.name) is a list of nodes and has no template")
    }
  }

  package static func == (left: ProfileTemplate, right: ProfileTemplate) -> Bool {
    left.hash == right.hash && left.format == right.format && left.text == right.text
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(format)
    hasher.combine(hash)
  }

  /// The names that nodes can't have, because groups and the profile's own nodes have them.
  var names: [String] {
    switch content {
    case .clash(let template): template.names
    case .singBox(let template): template.names
    case .surge(let template): template.names
    }
  }

  var clash: ClashTemplate? {
    if case .clash(let template) = content { template } else { nil }
  }

  var singBox: SingBoxTemplate? {
    if case .singBox(let template) = content { template } else { nil }
  }

  var surge: SurgeTemplate? {
    if case .surge(let template) = content { template } else { nil }
  }
}

/// What is wrong with a template, and where.
package struct ProfileTemplateError: Error, Hashable {
  /// From 1, where the place is a line of the text.
  package let line: Int?
  /// The path of what is meant, for example `proxy-groups.2.proxies.0`, counted from 0, or empty.
  package let place: String
  package let reason: String

  init(_ reason: String, line: Int? = nil, place: String = "") {
    self.line = line
    self.place = place
    self.reason = reason
  }

  /// One sentence with the place, for operators.
  package var message: String {
    if let line { return "line \(line): \(reason)" }
    return place.isEmpty ? reason : "\(place): \(reason)"
  }
}
