extension PostgresClient {
  /// The notifications of a channel, from a connection that all listeners of this client share and
  /// no statement uses.
  ///
  /// When that connection breaks it is replaced, and every listener gets `.reconnected`, so that it
  /// reads again what it may have missed. The stream ends when the client closes or the reader's
  /// task is cancelled. `LISTEN` is in effect once `.reconnected` arrived the first time, which is
  /// the stream's first element.
  package func listen(_ channel: String) -> AsyncStream<PostgresNotification> {
    let reader = NotificationReader(pool.listener.subscribe(to: channel))
    return AsyncStream(unfolding: { await reader.next() }, onCancel: { reader.close() })
  }
}
