/// A template of Clash, mihomo or Stash.
struct ClashTemplate: Sendable {
  private let profile: DocumentObject
  private let groups: TemplateGroups
  /// The names of groups and of the template's own nodes.
  let names: [String]

  /// What rules and groups may refer to without its being defined.
  private static let builtIn: Set<String> = [
    "DIRECT", "REJECT", "REJECT-DROP", "PASS", "PASS-RULE", "COMPATIBLE", "GLOBAL",
  ]

  init(_ text: String) throws(ProfileTemplateError) {
    guard case .object(let profile) = try YAMLReader.read(text) else {
      throw ProfileTemplateError("must be a mapping of keys")
    }
    self.profile = profile
    let ownNodes = try Self.names(of: profile["proxies"], key: "proxies")
    groups = try TemplateGroups(Self.groups(profile), others: Self.builtIn.union(ownNodes))
    names = ownNodes + groups.groups.map(\.name)
    guard let rules = profile["rules"]?.array, !rules.isEmpty else {
      throw ProfileTemplateError("must have rules that end with MATCH", place: "rules")
    }
    let targets = Self.builtIn.union(names)
    try check(rules, place: "rules", targets: targets)
    guard rules.last?.text.flatMap(RuleLine.init)?.isFinal == true else {
      throw ProfileTemplateError(
        "must be MATCH: otherwise traffic that matches no rule would bypass the proxy",
        place: "rules.\(rules.count - 1)"
      )
    }
    for set in profile["sub-rules"]?.object?.members ?? [] {
      try check(set.value.array ?? [], place: "sub-rules.\(set.key)", targets: targets)
    }
  }

  /// The names in a list of named mappings.
  private static func names(of value: DocumentValue?, key: String) throws(ProfileTemplateError)
    -> [String]
  {
    switch value {
    case nil, .null: return []
    case .array(let entries):
      var names: [String] = []
      for (index, entry) in entries.enumerated() {
        guard let name = entry.object?["name"]?.text, !name.isEmpty else {
          throw ProfileTemplateError("must have a name", place: "\(key).\(index)")
        }
        names.append(name)
      }
      return names
    default: throw ProfileTemplateError("must be a list", place: key)
    }
  }

  private static func groups(_ profile: DocumentObject) throws(ProfileTemplateError)
    -> [TemplateGroup]
  {
    let names = try names(of: profile["proxy-groups"], key: "proxy-groups")
    var groups: [TemplateGroup] = []
    for (index, name) in names.enumerated() {
      let place = TemplateGroup.Place(path: "proxy-groups.\(index)")
      let group = profile["proxy-groups"]?.array?[index].object ?? DocumentObject()
      guard let type = group["type"]?.text,
        ["select", "url-test", "fallback", "load-balance", "relay"].contains(type)
      else {
        throw place.error("must have a type: select, url-test, fallback, load-balance or relay")
      }
      var members: [TemplateGroup.Member] = []
      for (index, entry) in (group["proxies"]?.array ?? []).enumerated() {
        let place = TemplateGroup.Place(path: "\(place.path).proxies.\(index)")
        guard let text = entry.text else { throw place.error("must be a name") }
        members.append(try TemplateGroup.Member(text, place: place))
      }
      let sources = ["use", "include-all", "include-all-proxies", "include-all-providers"]
      groups.append(
        TemplateGroup(
          name: name,
          place: place,
          members: members,
          hasOtherSources: sources.contains { group[$0] != nil }
        )
      )
    }
    return groups
  }

  private func check(_ rules: [DocumentValue], place: String, targets: Set<String>)
    throws(ProfileTemplateError)
  {
    let ruleSets = Set(profile["rule-providers"]?.object?.members.map(\.key) ?? [])
    let subRules = Set(profile["sub-rules"]?.object?.members.map(\.key) ?? [])
    for (index, entry) in rules.enumerated() {
      let place = "\(place).\(index)"
      guard let rule = entry.text.flatMap(RuleLine.init) else {
        throw ProfileTemplateError("must be TYPE,value,target", place: place)
      }
      if rule.type == "RULE-SET", !ruleSets.contains(rule.value) {
        throw ProfileTemplateError("there is no \(rule.value) in rule-providers", place: place)
      }
      let known = rule.type == "SUB-RULE" ? subRules : targets
      if !known.contains(rule.target) {
        throw ProfileTemplateError("there is no group or node \(rule.target)", place: place)
      }
    }
  }

  /// The profile with these nodes filled in.
  func profile(_ proxies: [DocumentValue], names: [String], options: DocumentOptions)
    -> DocumentObject
  {
    let filled = groups.filled(with: names)
    var profile = profile
    profile["proxies"] = .array((profile["proxies"]?.array ?? []) + proxies)
    profile["proxy-groups"] = .array(
      (profile["proxy-groups"]?.array ?? []).compactMap { entry in
        guard var group = entry.object, let name = group["name"]?.text,
          let members = filled.members(of: name)
        else { return nil }
        group["proxies"] = members.isEmpty ? nil : .strings(members)
        return .object(group)
      }
    )
    profile["rules"] = .array(
      DirectRules.domains(options).map(DocumentValue.string)
        + kept(profile["rules"]?.array ?? [], filled)
    )
    if let subRules = profile["sub-rules"]?.object {
      var sets = DocumentObject()
      for set in subRules.members { sets.add(set.key, .array(kept(set.value.array ?? [], filled))) }
      profile["sub-rules"] = .object(sets)
    }
    return profile
  }

  /// The rules, except those whose group was removed. The last one stays, since other traffic must
  /// not bypass the proxy.
  private func kept(_ rules: [DocumentValue], _ filled: TemplateGroups.Filled) -> [DocumentValue] {
    rules.compactMap { entry in
      guard let rule = entry.text.flatMap(RuleLine.init), filled.isDropped(rule.target) else {
        return entry
      }
      return rule.isFinal ? .string(rule.text(target: filled.fallback ?? "REJECT")) : nil
    }
  }
}
