import CRabbitMQ

/// A connection that is logged in, with its channels open.
///
/// rabbitmq-c's state belongs to one thread at a time: the connecting thread makes it, and hands it
/// over in ``Command/attempted(_:)``.
struct OpenConnection: Sendable {
  // Proof: the maker keeps no copy after the hand-over, the mutex of the command queue orders the
  // two threads, and only the receiver uses it from then on.
  nonisolated(unsafe) let state: amqp_connection_state_t

  /// Closes the socket without a word to the broker, and frees everything.
  func destroy() { amqp_destroy_connection(state) }
}
