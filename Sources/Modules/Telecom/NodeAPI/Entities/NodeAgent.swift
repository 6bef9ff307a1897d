import AgentProtocols
import Crypto
import FieldViolations
import FoundationEssentials
import Platform
import Postgres
import SubscriptionFormats

/// The credentials that an agent sends with every call.
struct NodeCredentials: Hashable, Sendable {
  /// Nil: the token alone identifies the node.
  let id: NodeServer.ID?
  let token: NodeToken
  /// Nil: the agent doesn't say, or it serves any protocol.
  let type: NodeServerSettings.ProtocolName?

  /// Reads the query of a call; throws every parameter that is wrong.
  init(nodeID: String?, token: String?, nodeType: String?) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    let id = nodeID.flatMap { NodeServer.ID($0) }
    violations.check(id.map { $0 > 0 } ?? false, "node_id", "must be the number of a node server")
    violations.check(token.map { !$0.isEmpty } ?? false, "token", "must be the node server's token")
    let type = nodeType.flatMap { $0.isEmpty ? nil : Self.type(named: $0) }
    violations.check(
      nodeType.map { $0.isEmpty || type != nil } ?? true,
      "node_type",
      "must be a protocol, or v2node"
    )
    try violations.throwIfAny()
    self.id = id
    self.token = NodeToken(sent: token ?? "")
    self.type = type?.protocolName
  }

  /// Reads what mod_mu's agents send: a key, and with most calls a node. Throws
  /// `NodeAgent.AccessError` where they can't be any node's.
  init(key: String?, node: String?) throws(NodeAgent.AccessError) {
    guard let key, !key.isEmpty else { throw .unknownNodeOrToken }
    id = node.flatMap { NodeServer.ID($0) }
    guard id != nil || node == nil else { throw .unknownNodeOrToken }
    token = NodeToken(sent: key)
    type = nil
  }

  private struct NamedType {
    let protocolName: NodeServerSettings.ProtocolName?
  }

  /// The type of an agent by any of the names that agents have for it.
  private static func type(named name: String) -> NamedType? {
    switch name.lowercased() {
    case "v2node": NamedType(protocolName: nil)
    case let name: NodeServerSettings.ProtocolName(agentName: name).map(NamedType.init)
    }
  }
}

/// A node server as its agent calls: authenticated, with what its user list depends on.
struct NodeAgent: Sendable {
  let id: NodeServer.ID
  let settings: NodeServerSettings
  /// Rules for some of the traffic.
  let routes: [NodeRoute]
  let factorThousandths: Int32
  let pushInterval: Int32
  let pullInterval: Int32
  /// A switched-off server keeps its agent, and has no users.
  let enabled: Bool
  /// Whether the list still has a package that is due to end, start or reset.
  let isDue: Bool
  let lastPulledAt: Instant?
  let lastPushedAt: Instant?
  /// What its user list is made of.
  let listSource: NodeUserListCache.Key
  /// The state of the user list: the server's version and those of its groups.
  private let listState: [UInt8]
  private let tokenHash: [UInt8]

  /// Why an agent is not served.
  enum AccessError: String, DomainError {
    /// The same answer for both, so that nobody can find out which ids exist.
    case unknownNodeOrToken
    case otherNodeType

    var kind: FailureKind {
      switch self {
      case .unknownNodeOrToken: .unauthenticated
      case .otherNodeType: .invalidArgument
      }
    }
  }

  /// Checks the credentials against the server that they name; throws `AccessError`, or
  /// `CorruptRow` for unreadable settings.
  ///
  /// - Parameter globalToken: a token that opens every server; nil: there is none.
  init(_ row: NodeAgent.Find.Row?, credentials: NodeCredentials, globalToken: NodeToken?) throws {
    guard let row else { throw AccessError.unknownNodeOrToken }
    // Both are always compared, so that the time taken reveals nothing.
    let isOwn = credentials.token.matches(row.tokenHash)
    let isGlobal = globalToken.map { credentials.token.matches($0.hash) } ?? false
    guard isOwn || isGlobal else { throw AccessError.unknownNodeOrToken }
    let parsed = try CorruptRow.unlessRead(by: NodeAgent.Find.self) {
      try NodeSettingsMemo.parse(row.id, settings: row.settings, routes: row.routes)
    }
    settings = parsed.settings
    routes = parsed.routes
    guard credentials.type == nil || credentials.type == settings.protocolName else {
      throw AccessError.otherNodeType
    }
    id = row.id
    factorThousandths = row.factorThousandths
    pushInterval = row.pushInterval
    pullInterval = row.pullInterval
    enabled = row.enabled
    isDue = row.due
    lastPulledAt = row.lastPulledAt
    lastPushedAt = row.lastPushedAt
    tokenHash = row.tokenHash
    listSource = NodeUserListCache.Key(groups: row.groupIDs, versions: row.groupVersions)
    var state = Array("\(row.id) \(row.version) \(row.enabled)".utf8)
    for (group, version) in zip(row.groupIDs, row.groupVersions) {
      state += Array(" \(group)=\(version)".utf8)
    }
    listState = state
  }

  /// The credential of the placeholder user in an empty list. It is secret, and stays the same as
  /// long as the token does.
  var placeholder: Credential {
    var bytes = Array(
      SHA256.hash(data: Array("helium node placeholder".utf8) + tokenHash).prefix(16)
    )
    bytes[6] = (bytes[6] & 0x0F) | 0x40
    bytes[8] = (bytes[8] & 0x3F) | 0x80
    return Credential(uuid: UUID(bytes: bytes))
  }

  /// The tag of the user list in an encoding, from versions alone.
  func listTag(_ encoding: NodeUserEncoding) -> EntityTag {
    EntityTag(of: listState + Array(" \(encoding.rawValue) \(placeholder.uuid)".utf8))
  }

  /// The tag of mod_mu's user list, which tells how many addresses each user has.
  func listTag(alive: [Int32: Int]) -> EntityTag {
    let counts = alive.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    return EntityTag(of: listState + Array(" mod_mu\(counts)".utf8))
  }
}

/// How a user list is written.
enum NodeUserEncoding: String, Sendable {
  case json
  /// What v2node asks for.
  case messagePack

  var contentType: String {
    switch self {
    case .json: "application/json"
    case .messagePack: "application/x-msgpack"
    }
  }
}
