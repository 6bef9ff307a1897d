/// The connections of a client at one moment.
package struct PostgresPoolStatistics: Hashable, Sendable {
  /// Open and unused.
  package var idle = 0
  /// Open and used by a call, or being cleaned after one.
  package var leased = 0
  /// Being opened.
  package var connecting = 0
  /// Callers that wait for a connection.
  package var waiting = 0
  /// Open connections that pipelined statements share.
  package var pipelined = 0
}
