package import Platform

/// The agent of a node server that is to be served doesn't call any more.
package struct NodeServerSilent: Event {
  package static let name = "telecom.node_server.silent.v1"

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

/// The agent of a node server that had fallen silent calls again.
package struct NodeServerBack: Event {
  package static let name = "telecom.node_server.back.v1"

  package let server: Int32
  package let name: String
  /// When it had called last.
  package let silentSince: Instant
  /// When it called again, as far as is known.
  package let at: Instant

  package init(server: Int32, name: String, silentSince: Instant, at: Instant) {
    self.server = server
    self.name = name
    self.silentSince = silentSince
    self.at = at
  }
}
