/// A group of a template: a choice among nodes and other groups.
struct TemplateGroup: Sendable {
  let name: String
  /// Where the group stands in the template.
  let place: Place
  let members: [Member]
  /// Whether the client fills the group from elsewhere too, so that it is never empty.
  let hasOtherSources: Bool

  struct Place: Sendable {
    var line: Int?
    var path: String

    func error(_ reason: String) -> ProfileTemplateError {
      ProfileTemplateError(reason, line: line, place: path)
    }
  }

  enum Member: Sendable {
    case named(String)
    case allNodes
    /// Nodes by a regular expression. `Regex` can't be shared between threads, so the text is
    /// compiled at each use.
    case matching(String)

    /// A member as templates write it.
    init(_ text: String, place: Place) throws(ProfileTemplateError) {
      if text == "$nodes" {
        self = .allNodes
      } else if text.utf8.count >= 2, text.utf8.first == UInt8(ascii: "/"),
        text.utf8.last == UInt8(ascii: "/")
      {
        let expression = String(text.dropFirst().dropLast())
        guard (try? Regex(expression)) != nil else {
          throw place.error("\(text) is not a regular expression")
        }
        self = .matching(expression)
      } else if text.isEmpty {
        throw place.error("a member must not be empty")
      } else {
        self = .named(text)
      }
    }
  }

  /// A group without members gets all nodes.
  init(name: String, place: Place, members: [Member], hasOtherSources: Bool = false) {
    self.name = name
    self.place = place
    self.members = members.isEmpty && !hasOtherSources ? [.allNodes] : members
    self.hasOtherSources = hasOtherSources
  }

  fileprivate func memberNames(_ nodes: [String]) -> [String] {
    var seen: Set<String> = []
    return members.flatMap { member in
      switch member {
      case .named(let name): return [name]
      case .allNodes: return nodes
      case .matching(let expression):
        guard let regex = try? Regex(expression) else { return [] }
        return nodes.filter { $0.firstMatch(of: regex) != nil }
      }
    }.filter { seen.insert($0).inserted }
  }
}

/// All groups of a template.
struct TemplateGroups: Sendable {
  let groups: [TemplateGroup]

  /// Checks that names are unique, that members exist, and that no group contains itself, directly
  /// or indirectly.
  init(_ groups: [TemplateGroup], others: Set<String>) throws(ProfileTemplateError) {
    self.groups = groups
    guard let first = groups.first else { throw ProfileTemplateError("there must be a group") }
    var names: Set<String> = []
    for group in groups where !names.insert(group.name).inserted || others.contains(group.name) {
      throw group.place.error("the name \(group.name) is already used")
    }
    for group in groups {
      for case .named(let name) in group.members
      where !names.contains(name) && !others.contains(name) {
        throw group.place.error("there is no group or node \(name)")
      }
    }
    if let loop = Self.loop(groups) {
      throw loop.place.error("the group \(loop.name) is a member of itself")
    }
    let hasNodes = groups.contains { group in
      group.members.contains { member in
        if case .named = member { false } else { true }
      }
    }
    if !hasNodes {
      throw first.place.error("no group has $nodes or an expression, so no group would have nodes")
    }
  }

  var names: Set<String> { Set(groups.map(\.name)) }

  private static func loop(_ groups: [TemplateGroup]) -> TemplateGroup? {
    var open = groups
    var closed: Set<String> = []
    let names = Set(groups.map(\.name))
    // A group whose groups are all closed is closed; what can't be closed is in a loop or leads to
    // one.
    while !open.isEmpty {
      let rest = open.filter { group in
        group.members.contains { member in
          if case .named(let name) = member {
            names.contains(name) && !closed.contains(name)
          } else {
            false
          }
        }
      }
      guard rest.count < open.count else { return rest.first }
      closed.formUnion(open.map(\.name).filter { name in !rest.contains { $0.name == name } })
      open = rest
    }
    return nil
  }

  /// The members of each group that has any, when the nodes have these names.
  func filled(with nodes: [String]) -> Filled {
    var members: [String: [String]] = [:]
    for group in groups { members[group.name] = group.memberNames(nodes) }
    var dropped: Set<String> = []
    while true {
      let empty = groups.filter { group in
        !group.hasOtherSources && !dropped.contains(group.name)
          && (members[group.name] ?? []).allSatisfy(dropped.contains)
      }
      if empty.isEmpty { break }
      dropped.formUnion(empty.map(\.name))
    }
    let kept = groups.filter { !dropped.contains($0.name) }
    for group in kept { members[group.name]?.removeAll(where: dropped.contains) }
    return Filled(members: members, dropped: dropped, fallback: kept.first?.name ?? nodes.first)
  }

  /// Groups with their members.
  struct Filled {
    private let members: [String: [String]]
    private let dropped: Set<String>
    /// What takes the place of a group that is gone where something must stand.
    let fallback: String?

    fileprivate init(members: [String: [String]], dropped: Set<String>, fallback: String?) {
      self.members = members
      self.dropped = dropped
      self.fallback = fallback
    }

    func isDropped(_ name: String) -> Bool { dropped.contains(name) }
    /// Nil for a group that is left out.
    func members(of group: String) -> [String]? { isDropped(group) ? nil : members[group] }
  }
}
