package import Platform

/// The agent of a node server that is to be served doesn't call any more.
package struct NodeServerSilenced: Event {
  package static let name = "telecom.node_server.silenced.v1"

  package let server: Int32
  package let name: String
  /// When it called last.
  package let since: Instant

  package init(server: Int32, name: String, since: Instant) {
    self.server = server
    self.name = name
    self.since = since
  }
}

/// The silence of a node server is over.
package struct NodeServerRecovered: Event {
  package static let name = "telecom.node_server.recovered.v1"

  package enum Reason: String, Codable, Hashable, Sendable {
    /// Its agent calls again.
    case called
    /// It is not to be served any more: it was switched off or deleted.
    case disabled, deleted
  }

  package let server: Int32
  package let name: String
  /// When it had called last before.
  package let silentSince: Instant
  /// When it ended, as far as is known.
  package let at: Instant
  package let reason: Reason

  package init(server: Int32, name: String, silentSince: Instant, at: Instant, reason: Reason) {
    self.server = server
    self.name = name
    self.silentSince = silentSince
    self.at = at
    self.reason = reason
  }
}
