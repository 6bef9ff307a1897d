/// Why a command has no result.
package enum RedisError: Error, Hashable, Sendable {
  /// The server answered with an error: its code (`WRONGTYPE`, `NOSCRIPT`, `ERR`, …) and the text
  /// after it.
  case reply(code: String, message: String)
  /// No reply came in time. A command that was sent may have run.
  case deadlineExceeded(sent: Bool)
  /// The connection broke after the command was sent: it may have run, and is never sent again by
  /// the client.
  case connectionLost(String)
  /// There was no connection until the deadline; the command was not sent.
  case unavailable(String)
  /// The client holds as many commands as it may; the command was not sent.
  case overloaded
  /// The client is closed, or is closing; the command was not sent.
  case closed
  /// The server refuses the user, the password or the database, or is too old for RESP3.
  case refused(String)
  /// TLS could not be agreed on, or the server's certificate is not trusted.
  case tls(String)
  /// What came from the server is not RESP3.
  case protocolViolation(String)
  /// The command changes the state of a connection that others share (`SELECT`, `SUBSCRIBE`,
  /// `BLPOP`, `MULTI`, …).
  case unsupportedCommand(String)
  /// The reply is of a type that the typed command can't have.
  case unexpectedReply(command: String)

  /// Whether the server may have carried the command out.
  package var mayHaveRun: Bool {
    switch self {
    case .deadlineExceeded(let sent): sent
    case .connectionLost, .protocolViolation, .unexpectedReply: true
    case .reply, .unavailable, .overloaded, .closed, .refused, .tls, .unsupportedCommand: false
    }
  }

  /// The text that a case carries, or else the description.
  var reason: String {
    switch self {
    case .connectionLost(let reason), .unavailable(let reason): reason
    default: description
    }
  }

  /// Whether another attempt to connect would fail alike, so that waiting for it helps nobody.
  var isPermanent: Bool {
    switch self {
    case .refused, .tls, .protocolViolation: true
    default: false
    }
  }
}

extension RedisError: CustomStringConvertible {
  /// What happened, in a sentence for the log.
  package var description: String {
    switch self {
    case .reply(let code, let message): "Redis answered \(code) \(message)"
    case .deadlineExceeded(let sent): sent ? "no reply in time" : "not sent in time"
    case .connectionLost(let reason): "the connection was lost: \(reason)"
    case .unavailable(let reason): "no connection: \(reason)"
    case .overloaded: "too many commands are waiting"
    case .closed: "the client is closed"
    case .refused(let reason): "the server refuses the connection: \(reason)"
    case .tls(let reason): "TLS failed: \(reason)"
    case .protocolViolation(let reason): "not RESP3: \(reason)"
    case .unsupportedCommand(let name): "\(name) can't be sent on a shared connection"
    case .unexpectedReply(let command): "unexpected type of reply to \(command)"
    }
  }
}
