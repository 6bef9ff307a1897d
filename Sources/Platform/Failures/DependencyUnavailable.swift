import Postgres
import Redis

/// PostgreSQL or Redis can't be asked now: the caller may try again, and nothing is wrong with this
/// program.
package struct DependencyUnavailable: DomainError, Hashable {
  /// Which, for the log.
  package let dependency: String
  package var kind: FailureKind { .unavailable }
  package var reason: String { "DEPENDENCY_UNAVAILABLE" }
  package var message: String { "a required service can't be reached; try again" }

  /// Nil when `error` says nothing of the kind. Such a call may have had its effect if the
  /// connection broke under it.
  package init?(_ error: any Error) {
    switch error {
    case let error as RedisError where error.isOutage: dependency = "redis"
    case let error as PostgresClientError where error.isOutage: dependency = "postgresql"
    case let error as PostgresError where error.isConnectionFailure: dependency = "postgresql"
    default: return nil
    }
  }
}

extension RedisError {
  fileprivate var isOutage: Bool {
    switch self {
    case .deadlineExceeded, .connectionLost, .unavailable, .overloaded, .closed, .refused, .tls:
      true
    // A server that still loads its data, or a replica whose primary is away.
    case .reply(let code, _):
      ["LOADING", "MASTERDOWN", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "OOM"].contains(code)
    case .protocolViolation, .unsupportedCommand, .unexpectedReply: false
    }
  }
}

extension PostgresClientError {
  fileprivate var isOutage: Bool {
    switch self {
    case .deadlineExceeded, .poolExhausted, .connectionLost, .connectionFailed, .closed: true
    case .connectionReturned, .transactionAborted, .misuse: false
    }
  }
}
