/// Why a message wasn't accepted by the mail server.
package enum SMTPError: Error, Hashable {
  /// The server refused: 4xx for now, 5xx for good.
  case rejected(SMTPReply)
  /// The server refused the user name or password, or wants some and has none configured.
  case authentication(SMTPReply?)
  /// No session: the name doesn't resolve, nothing listens, or the server hung up.
  case connection(String, delivery: Delivery)
  /// TLS failed, or the server lacks the STARTTLS that is required.
  case tls(String)
  /// The deadline passed.
  case timeout(delivery: Delivery)
  /// The caller was cancelled.
  case cancelled(delivery: Delivery)
  /// A field of the message can't be sent as it is. Nothing was sent.
  case invalidField(String, reason: String)
  /// More messages wait than the client admits; try again later.
  case overloaded
  /// The client was closed.
  case closed
  /// libcurl failed in a way that has nothing to do with the server, such as a lack of memory.
  case library(String)

  /// What became of the message when the session broke.
  package enum Delivery: Hashable, Sendable {
    /// The server never had all of it: it won't be delivered.
    case impossible
    /// Some or all of it was sent and no answer came: the server may deliver it. A repeat with the
    /// same Message-ID may be a duplicate.
    case possible
  }

  /// Whether the same message may be accepted later: the fault is the server's, the network's or
  /// the configuration's, not its own.
  package var isTransient: Bool {
    switch self {
    case .rejected(let reply): reply.isTransientFailure
    case .authentication, .connection, .tls, .timeout, .cancelled, .overloaded, .closed, .library:
      true
    case .invalidField: false
    }
  }

  /// Whether the server may have accepted the message although no answer said so.
  package var mayHaveBeenDelivered: Bool {
    switch self {
    case .connection(_, let delivery), .timeout(let delivery), .cancelled(let delivery):
      delivery == .possible
    default: false
    }
  }

  /// The server's answer, for the delivery log.
  package var reply: SMTPReply? {
    switch self {
    case .rejected(let reply): reply
    case .authentication(let reply): reply
    default: nil
    }
  }
}
