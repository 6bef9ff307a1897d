package import AgentProtocols
import FieldViolations
package import Platform
import Postgres
import SubscriptionFormats

/// An endpoint that customers see. Several may lead to the same server.
package struct NodeClient: Identifiable, Hashable, Sendable {
  package typealias ID = Identifier<NodeClient>

  package let id: ID
  package let spec: Spec
  /// Since when documents leave it out; nil: they don't, unless its server is in maintenance.
  package let maintenanceSince: Instant?
  package let createdAt: Instant

  /// What an operator decides about a client.
  package struct Spec: Hashable, Sendable {
    package let server: NodeServer.ID
    package let name: String
    package let host: String
    /// 0: the port on which the server's agent listens.
    package let port: Int32
    /// Whether the host is another machine, which forwards to the server.
    package let relay: Bool
    /// Overrides the server name, host and TLS settings shown to customers; nil: no overrides.
    package let front: ClientFront?
    package let region: String
    package let tags: [String]
    package let sortOrder: Int32
    package let enabled: Bool
    package let groups: [NodeGroup.ID]

    /// Limits for one client, so that documents stay small.
    private static let maxTags = 20
    private static let maxGroups = 200

    /// Throws all fields that are wrong.
    package init(
      server: NodeServer.ID,
      name: String,
      host: String,
      port: Int32 = 0,
      relay: Bool = false,
      front: ClientFront? = nil,
      region: String = "",
      tags: [String] = [],
      sortOrder: Int32 = 0,
      enabled: Bool = true,
      groups: [NodeGroup.ID]
    ) throws(InvalidInput) {
      var violations: [FieldViolation] = []
      violations.check(server > 0, "server_id", "must be the id of a node server")
      violations.check(line: name, of: TextLengths.name, "name")
      violations.check(HostName.isHost(host), "host", "must be a host name or an IP address")
      violations.check(
        (0...65_535).contains(port),
        "port",
        "must be 1 to 65535, or 0 for the server's port"
      )
      violations += (front?.violations ?? []).inside("front")
      violations.check(line: region, of: 0...TextLengths.label.upperBound, "region")
      violations.check(
        tags.count <= Self.maxTags,
        "tags",
        "must have at most \(Self.maxTags) entries"
      )
      for (index, tag) in tags.enumerated() {
        violations.check(line: tag, of: TextLengths.label, "tags[\(index)]")
      }
      violations.check(
        groups.count <= Self.maxGroups,
        "group_ids",
        "must have at most \(Self.maxGroups) entries"
      )
      violations.check(Set(groups).count == groups.count, "group_ids", "must be unique")
      try violations.throwIfAny()
      self.init(
        trusted: server,
        name: name,
        host: host,
        port: port,
        relay: relay,
        front: front,
        region: region,
        tags: tags,
        sortOrder: sortOrder,
        enabled: enabled,
        groups: groups
      )
    }

    fileprivate init(
      trusted server: NodeServer.ID,
      name: String,
      host: String,
      port: Int32,
      relay: Bool,
      front: ClientFront?,
      region: String,
      tags: [String],
      sortOrder: Int32,
      enabled: Bool,
      groups: [NodeGroup.ID]
    ) {
      self.server = server
      self.name = name
      self.host = host
      self.port = port
      self.relay = relay
      self.front = front
      self.region = region
      self.tags = tags
      self.sortOrder = sortOrder
      self.enabled = enabled
      self.groups = groups
    }

    /// The same at that port, unless it has one of its own.
    func at(_ port: Int32) -> Spec {
      guard self.port == 0 else { return self }
      return Spec(
        trusted: server,
        name: name,
        host: host,
        port: port,
        relay: relay,
        front: front,
        region: region,
        tags: tags,
        sortOrder: sortOrder,
        enabled: enabled,
        groups: groups
      )
    }
  }

  init(id: ID, spec: Spec, maintenanceSince: Instant? = nil, createdAt: Instant) {
    self.id = id
    self.spec = spec
    self.maintenanceSince = maintenanceSince
    self.createdAt = createdAt
  }

  init(_ row: NodeClient.Row) {
    id = row.id
    spec = Spec(
      trusted: row.serverID,
      name: row.name,
      host: row.host,
      port: row.port,
      relay: row.relay,
      front: row.front,
      region: row.region,
      tags: row.tags,
      sortOrder: row.sortOrder,
      enabled: row.enabled,
      groups: row.groupIDs
    )
    maintenanceSince = row.maintenanceSince
    createdAt = row.createdAt
  }
}
