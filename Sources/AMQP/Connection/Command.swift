/// What callers ask of a connection's thread.
enum Command: Sendable {
  typealias Publish = PublishRequest<CheckedContinuation<Void, any Error>>
  typealias Request = PendingRequest<CheckedContinuation<AMQPReply, any Error>>

  /// Connect now and not at the first call.
  case start
  case publish(Publish)
  case request(Request)
  /// The caller of a publish or request no longer waits.
  case cancel(UInt64)
  case subscribe(AMQPConsumer)
  case cancelConsumer(AMQPConsumer, CheckedContinuation<Void, Never>?)
  case settle(Receipt, Settlement)
  /// A connection attempt has ended.
  case attempted(Result<OpenConnection, AMQPConnectionFailure>)
  case close

  /// Refuses the command of a connection that is closed.
  func refuse() {
    switch self {
    case .publish(let request): request.waiter.resume(throwing: AMQPError.closed)
    case .request(let request): request.waiter.resume(throwing: AMQPError.closed)
    case .subscribe(let consumer): _ = consumer.end()
    case .cancelConsumer(let consumer, let done):
      _ = consumer.end()
      done?.resume()
    case .attempted(.success(let connection)): connection.destroy()
    case .start, .cancel, .settle, .attempted, .close: break
    }
  }
}

/// Which delivery: tags count per channel, and a channel number is used again after a reconnect.
struct Receipt: Hashable, Sendable {
  let channel: UInt16
  /// Of the channel's opening; a receipt of an earlier one is void.
  let generation: UInt64
  let tag: UInt64
}

/// What becomes of a delivery.
enum Settlement: Hashable, Sendable {
  case ack
  case nack(requeue: Bool)
}

/// What a connection is for.
enum ConnectionRole: String, Sendable {
  case publishing, consuming
}
