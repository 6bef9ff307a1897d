package import Platform

/// The agent of an enabled node server no longer calls.
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
    /// The server was switched off or deleted.
    case disabled, deleted
  }

  package let server: Int32
  package let name: String
  /// When it last called before the silence.
  package let silentSince: Instant
  /// When the silence ended, as far as known.
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
