import FieldViolations
import GRPCCore
import GRPCProtobuf
import Platform

extension FailureKind {
  /// The gRPC code of each kind of failure: the one table.
  var rpcCode: RPCError.Code {
    switch self {
    case .invalidArgument: .invalidArgument
    case .notFound: .notFound
    case .alreadyExists: .alreadyExists
    case .failedPrecondition: .failedPrecondition
    case .permissionDenied: .permissionDenied
    case .unauthenticated: .unauthenticated
    case .resourceExhausted: .resourceExhausted
    case .aborted: .aborted
    case .unavailable: .unavailable
    case .deadlineExceeded: .deadlineExceeded
    case .unimplemented: .unimplemented
    }
  }
}

extension GoogleRPCStatus {
  /// The status of a failure that a caller can act on, with `ErrorInfo` and, for wrong fields,
  /// `BadRequest`.
  init(_ error: any DomainError) {
    var details: [ErrorDetails] = [.errorInfo(reason: error.reason, domain: "helium")]
    if !error.violations.isEmpty {
      details.append(
        .badRequest(
          violations: error.violations.map { .init(field: $0.field, description: $0.description) }
        )
      )
    }
    self.init(code: error.kind.rpcCode, message: error.message, details: details)
  }

  /// The status of what the gRPC library or a standard service refuses, e.g. bytes that are no
  /// message, with the name of its code as the reason.
  init(_ error: RPCError) {
    self.init(
      code: error.code,
      message: error.message,
      details: [.errorInfo(reason: error.code.description.upperSnakeCase, domain: "helium")]
    )
  }

  /// The status of all other errors: an id that is in the log, and nothing about what happened.
  init(internalWithID id: String) {
    self.init(
      code: .internalError,
      message: "internal error \(id)",
      details: [.errorInfo(reason: "INTERNAL", domain: "helium", metadata: ["error_id": id])]
    )
  }
}
