import Platform

/// Why a registration or log-in failed.
enum AuthError: String, DomainError {
  case wrongCode, wrongCredentials, banned, invalidToken, busy

  var kind: FailureKind {
    switch self {
    case .wrongCode: .failedPrecondition
    case .wrongCredentials, .invalidToken: .unauthenticated
    case .banned: .permissionDenied
    case .busy: .resourceExhausted
    }
  }
}
