package import FieldViolations

/// A failure that a caller can understand and act on; everything else is answered as internal.
package protocol DomainError: Error {
  /// Which gRPC code and HTTP status it becomes.
  var kind: FailureKind { get }
  /// A constant for programs: UPPER_SNAKE_CASE.
  var reason: String { get }
  /// One sentence for people.
  var message: String { get }
  /// The wrong fields, if the request is at fault.
  var violations: [FieldViolation] { get }
}

/// The kinds of failure, one per gRPC code that Helium answers.
package enum FailureKind: String, Sendable, CaseIterable {
  case invalidArgument, notFound, alreadyExists, failedPrecondition, permissionDenied,
    unauthenticated
  case resourceExhausted, aborted, unavailable, deadlineExceeded, unimplemented
}

extension DomainError {
  package var violations: [FieldViolation] { [] }

  package var message: String {
    violations.isEmpty
      ? reason.lowercased().replacing("_", with: " ")
      : violations.map { "\($0.field): \($0.description)" }.joined(separator: "; ")
  }
}

extension DomainError where Self: RawRepresentable<String> {
  package var reason: String { rawValue.upperSnakeCase }
}

extension String {
  /// `alreadyRedeemed` as `ALREADY_REDEEMED`.
  package var upperSnakeCase: String {
    var result = ""
    for character in self {
      if character.isUppercase, !result.isEmpty { result.append("_") }
      result.append(contentsOf: character.uppercased())
    }
    return result
  }
}

/// A request whose fields are wrong; names every one of them at once.
package struct InvalidInput: DomainError, Hashable {
  package let violations: [FieldViolation]
  package var kind: FailureKind { .invalidArgument }
  package var reason: String { "INVALID_INPUT" }

  package init(_ violations: [FieldViolation]) {
    self.violations = violations
  }

  package init(_ field: String, _ description: String) {
    violations = [FieldViolation(field, description)]
  }
}

/// Nothing with this id exists, or the caller may not see it.
package struct NotFound: DomainError, Hashable {
  package let what: String
  package var kind: FailureKind { .notFound }
  package var reason: String { "\(what.upperSnakeCase)_NOT_FOUND" }
  package var message: String { "there is no such \(what)" }

  /// `what`: the noun in lower camel case, e.g. `nodeServer`.
  package init(_ what: String) {
    self.what = what
  }
}

/// The caller sent no credentials, or they are no longer valid.
package struct Unauthenticated: DomainError, Hashable {
  package let reason: String
  package var kind: FailureKind { .unauthenticated }

  package init(_ reason: String = "UNAUTHENTICATED") {
    self.reason = reason
  }
}
