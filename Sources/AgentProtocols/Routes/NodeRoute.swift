package import FieldViolations
import SubscriptionFormats

/// What an agent does with matching traffic.
///
/// JSON: `id`, `match`, `action`, `action_value`.
package struct NodeRoute: Sendable, Hashable {
  /// Identifies the rule in reports of hits. Greater than 0.
  package var id: Int
  package var match: [String]
  package var action: Action

  /// The actions, by the names that agents have for them; XrayR and V2bX know `block` and `dns`.
  package enum Action: Sendable, Hashable {
    /// Destinations that fit one of the regular expressions.
    case block
    case blockIP
    case blockPort
    case blockProtocol
    /// Domains that this server resolves.
    case dns(server: String)
    case direct
  }

  package init(id: Int, match: [String], action: Action) {
    self.id = id
    self.match = match
    self.action = action
  }

  /// The longest list that is a rule and not a feed.
  private static let maxMatches = 1_000

  /// What is wrong with the rule, field by field. An expression that isn't RE2 would crash XrayR,
  /// and an empty one matches everything.
  package var violations: [FieldViolation] {
    var violations: [FieldViolation] = []
    if id <= 0 { violations.append(FieldViolation("id", "must be greater than 0")) }
    if match.isEmpty || match.count > Self.maxMatches {
      violations.append(FieldViolation("match", "must have 1 to 1000 entries"))
    }
    for (index, entry) in match.enumerated() {
      if entry.isEmpty || !entry.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
      {
        violations.append(FieldViolation("match.\(index)", "must not be empty or contain spaces"))
      } else if action == .block, let problem = RE2.problem(in: entry) {
        violations.append(
          FieldViolation("match.\(index)", "must be an RE2 regular expression: \(problem)")
        )
      }
    }
    if case .dns(let server) = action, !HostName.isHost(server) {
      violations.append(FieldViolation("action_value", "must be a host name or an IP address"))
    }
    return violations
  }

  var document: DocumentObject {
    // Go decodes null into a string as the empty one.
    [
      "id": .integer(id), "match": .strings(match), "action": .string(action.name),
      "action_value": .optional(action.value),
    ]
  }
}

extension NodeRoute.Action {
  fileprivate var name: String {
    switch self {
    case .block: "block"
    case .blockIP: "block_ip"
    case .blockPort: "block_port"
    case .blockProtocol: "protocol"
    case .dns: "dns"
    case .direct: "direct"
    }
  }

  fileprivate var value: String? {
    if case .dns(let server) = self { server } else { nil }
  }

  /// Nil for a name that no action has, or an action that lacks its value.
  fileprivate init?(name: String, value: String?) {
    switch (name, value) {
    case ("block", _): self = .block
    case ("block_ip", _): self = .blockIP
    case ("block_port", _): self = .blockPort
    case ("protocol", _): self = .blockProtocol
    case ("dns", let server?): self = .dns(server: server)
    case ("direct", _): self = .direct
    default: return nil
    }
  }
}

extension NodeRoute: Codable {
  private enum CodingKeys: String, CodingKey {
    case id, match, action
    case value = "action_value"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .action)
    guard
      let action = Action(
        name: name,
        value: try container.decodeIfPresent(String.self, forKey: .value)
      )
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .action,
        in: container,
        debugDescription: "must be an action with its value"
      )
    }
    self.init(
      id: try container.decode(Int.self, forKey: .id),
      match: try container.decode([String].self, forKey: .match),
      action: action
    )
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(match, forKey: .match)
    try container.encode(action.name, forKey: .action)
    try container.encodeIfPresent(action.value, forKey: .value)
  }
}
