/// A template of sing-box, of the version for which it is written.
struct SingBoxTemplate: Sendable {
  private let configuration: DocumentObject
  private let groups: TemplateGroups
  /// The tags of groups and of the template's own outbounds and endpoints.
  let names: [String]
  /// The outbound that goes without a proxy, if there is one.
  private let direct: String?

  init(_ text: String) throws(ProfileTemplateError) {
    guard case .object(let configuration) = try JSONReader.read(text) else {
      throw ProfileTemplateError("must be a JSON object")
    }
    self.configuration = configuration
    var groups: [TemplateGroup] = []
    var others: [String] = []
    var direct: String?
    for (index, entry) in (configuration["outbounds"]?.array ?? []).enumerated() {
      let place = TemplateGroup.Place(path: "outbounds.\(index)")
      guard let outbound = entry.object, let type = outbound["type"]?.text,
        let tag = outbound["tag"]?.text, !tag.isEmpty
      else {
        throw place.error("must have a type and a tag")
      }
      if Self.isGroup(type) {
        groups.append(
          TemplateGroup(name: tag, place: place, members: try Self.members(outbound, place.path))
        )
      } else {
        others.append(tag)
      }
      if type == "direct", direct == nil { direct = tag }
    }
    others += (configuration["endpoints"]?.array ?? []).compactMap { $0.object?["tag"]?.text }
    self.groups = try TemplateGroups(groups, others: Set(others))
    self.direct = direct
    names = others + groups.map(\.name)
    try checkReferences()
  }

  private static func isGroup(_ type: String) -> Bool { type == "selector" || type == "urltest" }

  private static func members(_ outbound: DocumentObject, _ path: String)
    throws(ProfileTemplateError) -> [TemplateGroup.Member]
  {
    var members: [TemplateGroup.Member] = []
    for (index, entry) in (outbound["outbounds"]?.array ?? []).enumerated() {
      let place = TemplateGroup.Place(path: "\(path).outbounds.\(index)")
      guard let text = entry.text else { throw place.error("must be a tag") }
      members.append(try TemplateGroup.Member(text, place: place))
    }
    return members
  }

  private func checkReferences() throws(ProfileTemplateError) {
    let known = Set(names)
    func check(_ value: DocumentValue?, _ place: String) throws(ProfileTemplateError) {
      if let tag = value?.text, !known.contains(tag) {
        throw ProfileTemplateError("there is no outbound \(tag)", place: place)
      }
    }
    guard let route = configuration["route"]?.object, route["final"]?.text != nil else {
      throw ProfileTemplateError(
        "must name an outbound: otherwise traffic that matches no rule would go to the first one",
        place: "route.final"
      )
    }
    try check(route["final"], "route.final")
    for (index, rule) in (route["rules"]?.array ?? []).enumerated() {
      try check(rule.object?["outbound"], "route.rules.\(index).outbound")
    }
    for (index, set) in (route["rule_set"]?.array ?? []).enumerated() {
      try check(set.object?["download_detour"], "route.rule_set.\(index).download_detour")
    }
    for (index, server) in (configuration["dns"]?.object?["servers"]?.array ?? []).enumerated() {
      try check(server.object?["detour"], "dns.servers.\(index).detour")
    }
    for (index, outbound) in (configuration["outbounds"]?.array ?? []).enumerated() {
      try check(outbound.object?["detour"], "outbounds.\(index).detour")
    }
  }

  /// The configuration with these nodes filled in.
  func configuration(_ outbounds: [DocumentValue], names: [String], options: DocumentOptions)
    -> DocumentObject
  {
    let filled = groups.filled(with: names)
    var configuration = configuration
    let own = (configuration["outbounds"]?.array ?? []).compactMap { entry -> DocumentValue? in
      guard var outbound = entry.object, let tag = outbound["tag"]?.text,
        let type = outbound["type"]?.text
      else { return entry }
      mend("detour", of: &outbound, filled)
      guard Self.isGroup(type) else { return .object(outbound) }
      guard let members = filled.members(of: tag) else { return nil }
      outbound["outbounds"] = .strings(members)
      if let chosen = outbound["default"]?.text, !members.contains(chosen) {
        outbound["default"] = nil
      }
      return .object(outbound)
    }
    configuration["outbounds"] = .array(own + outbounds)
    if var route = configuration["route"]?.object {
      mend("final", of: &route, filled)
      route["rules"] = .array(rules(route["rules"]?.array ?? [], filled, options))
      mendEach("rule_set", "download_detour", in: &route, filled)
      configuration["route"] = .object(route)
    }
    if var dns = configuration["dns"]?.object {
      mendEach("servers", "detour", in: &dns, filled)
      configuration["dns"] = .object(dns)
    }
    return configuration
  }

  private func mendEach(
    _ list: String,
    _ key: String,
    in object: inout DocumentObject,
    _ filled: TemplateGroups.Filled
  ) {
    guard let entries = object[list]?.array else { return }
    object[list] = .array(
      entries.map { entry in
        guard var element = entry.object else { return entry }
        mend(key, of: &element, filled)
        return .object(element)
      }
    )
  }

  /// Names another outbound where the named group is gone.
  private func mend(_ key: String, of object: inout DocumentObject, _ filled: TemplateGroups.Filled)
  {
    if let tag = object[key]?.text, filled.isDropped(tag) {
      object[key] = filled.fallback.map(DocumentValue.string)
    }
  }

  /// The rules without those whose group is gone, and with one for the direct domains behind those
  /// that find out what is asked for.
  private func rules(
    _ rules: [DocumentValue],
    _ filled: TemplateGroups.Filled,
    _ options: DocumentOptions
  ) -> [DocumentValue] {
    var rules = rules.filter { rule in
      rule.object?["outbound"]?.text.map { !filled.isDropped($0) } ?? true
    }
    if let direct, !options.directDomains.isEmpty {
      let isPreparing: (DocumentValue) -> Bool = { rule in
        ["sniff", "hijack-dns", "resolve"].contains(rule.object?["action"]?.text ?? "")
      }
      let position = rules.firstIndex { !isPreparing($0) } ?? rules.endIndex
      rules.insert(
        [
          "domain_suffix": .strings(options.directDomains), "action": "route",
          "outbound": .string(direct),
        ],
        at: position
      )
    }
    return rules
  }
}
