/// Why a call failed.
package enum AMQPError: Error, Hashable, Sendable {
  /// A mandatory message matched no queue (basic.return). It is nowhere.
  case unroutable(code: UInt16, text: String)
  /// The broker refused the message (basic.nack), for example because a queue is full. It may be in
  /// some of the matching queues.
  case rejected
  /// The connection broke while the call was under way: whether it took effect is unknown.
  case connectionLost
  /// The deadline passed while the call was under way: whether it took effect is unknown.
  case deadlineExceeded
  /// There was no connection until the deadline, or there can be none. The call had no effect. Nil:
  /// the broker has blocked publishers, or the window is full.
  case unavailable(AMQPConnectionFailure?)
  /// Too many calls wait already (`maxPending`). The call had no effect.
  case overloaded
  /// The broker closed the channel over this call: a queue that is missing (404), declared
  /// otherwise (406), forbidden (403), …
  case channelClosed(code: UInt16, text: String)
  /// The client has been closed. The call had no effect.
  case closed
  /// The message or a name can't be encoded. The call had no effect.
  case invalid(String)

  /// Whether an exception will come again when the same is asked again.
  ///
  /// 403 access-refused, 405 resource-locked, 406 precondition-failed, 530 not-allowed, and 404 for
  /// what doesn't exist. A broker that has just started, or looks for a queue's leader, also
  /// answers 404 ("process is stopped", "is down or inaccessible") and 530 ("vhost is down").
  static func isPermanentRefusal(_ code: UInt16, _ text: String) -> Bool {
    switch code {
    case 403, 405, 406: true
    case 404: text.contains("no queue") || text.contains("no exchange")
    case 530: !text.contains("is down")
    default: false
    }
  }

  /// AMQP's short strings carry their length in one byte; rabbitmq-c would cut it silently.
  static func requireShort(_ text: String) throws(AMQPError) {
    guard text.utf8.count <= 255 else { throw .invalid("more than 255 bytes: \(text.prefix(32))…") }
  }
}

/// Why there is no connection.
package enum AMQPConnectionFailure: Error, Hashable, Sendable {
  /// Name resolution, TCP or TLS failed, or the peer doesn't answer.
  case unreachable(String)
  /// The peer's certificate doesn't hold, or the certificates to check it by can't be read.
  case untrusted(String)
  /// The broker doesn't accept user and password.
  case authenticationRefused
  /// The broker closed the connection, for example because the vhost doesn't exist (530).
  case closedByBroker(code: UInt16, text: String)
  /// The remembered topology can't be declared again.
  case topology(code: UInt16, text: String)

  /// Whether waiting can't help, so that callers learn it at once and not at their deadline.
  var isPermanent: Bool {
    switch self {
    case .unreachable: false
    case .untrusted, .authenticationRefused: true
    case .closedByBroker(let code, let text), .topology(let code, let text):
      AMQPError.isPermanentRefusal(code, text)
    }
  }
}
