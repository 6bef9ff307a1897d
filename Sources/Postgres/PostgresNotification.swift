/// What a listener receives.
package enum PostgresNotification: Hashable, Sendable {
  /// `NOTIFY channel, 'payload'`, sent by the session of server process `processID`.
  case message(channel: String, payload: String, processID: Int32)
  /// Messages may have been missed, because the connection was replaced or the reader was slow:
  /// read the state again.
  case reconnected
}
