package import HTTPTypes
package import Hummingbird
package import Platform

/// How failures are written for one family of clients.
package protocol HTTPFailureStyle: Sendable {
  /// The answer to a failure that the client can understand. By default it has the status of the
  /// failure's kind.
  func response(to error: any DomainError) throws -> Response

  /// The answer with a status and one sentence for people.
  func response(_ status: HTTPResponse.Status, _ message: String) throws -> Response
}

extension HTTPFailureStyle {
  package func response(to error: any DomainError) throws -> Response {
    try response(error.kind.httpStatus, error.message)
  }
}

extension HTTPFailureStyle where Self == MessageFailures {
  /// `{"message": …}`.
  package static var message: MessageFailures { MessageFailures() }
}

/// `{"message": …}` with the status of its kind.
package struct MessageFailures: HTTPFailureStyle {
  package init() {}

  package func response(_ status: HTTPResponse.Status, _ message: String) throws -> Response {
    Response(json: try JSON.encode(["message": message]), status: status)
  }
}

extension FailureKind {
  /// The HTTP status of each kind of failure: the one table.
  package var httpStatus: HTTPResponse.Status {
    switch self {
    case .invalidArgument: .unprocessableContent
    case .notFound: .notFound
    case .alreadyExists, .failedPrecondition, .aborted: .conflict
    case .permissionDenied: .forbidden
    case .unauthenticated: .unauthorized
    case .resourceExhausted: .tooManyRequests
    case .unavailable: .serviceUnavailable
    case .deadlineExceeded: .gatewayTimeout
    case .unimplemented: .notImplemented
    }
  }
}
