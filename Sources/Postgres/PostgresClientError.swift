/// An error that the driver reports without the server having said so.
package enum PostgresClientError: Error, Hashable, Sendable {
  /// The call's deadline passed. A statement that was running has been cancelled; whether it took
  /// effect is not known.
  case deadlineExceeded
  /// No connection came free within the acquire timeout, or too many callers were waiting already.
  case poolExhausted
  /// The connection broke while the call used it. Whether the statement took effect is not known.
  case connectionLost(String)
  /// No connection could be opened. The text is libpq's and the code the server's, if it came that
  /// far.
  case connectionFailed(String, sqlState: String?)
  /// The client has been shut down.
  case closed
  /// The connection was used after the body it was lent to had ended.
  case connectionReturned
  /// COMMIT did not commit, because a statement of the transaction had failed and its error was
  /// caught.
  case transactionAborted
  /// The call is not possible in the state that the connection is in, such as a statement while a
  /// COPY runs.
  case misuse(String)

  /// Whether a new attempt on another connection may succeed.
  package var isConnectionFailure: Bool {
    switch self {
    case .connectionLost, .connectionFailed: true
    case .deadlineExceeded, .poolExhausted, .closed, .connectionReturned, .transactionAborted,
      .misuse:
      false
    }
  }
}
