package import FieldViolations
import FoundationEssentials

/// A client's key for a call that must have one effect, however often it is sent.
///
/// It is the caller's own: the same text is another key for another caller, another kind of caller,
/// another module or another operation.
package struct IdempotencyKey: Sendable, Hashable {
  let callerKind: String
  let caller: UUID
  let module: String
  let operation: String
  let text: String

  /// Longer ones aren't keys but payloads.
  package static let maxLength = 255

  /// The key of the call under way. Nil when the client sent none, or nobody whose key it could be.
  init?<C: CallingParty>(of caller: C, module: String, operation: String) throws(InvalidInput) {
    guard let text = RequestContext.current?.idempotencyKey, let id = caller.identity else {
      return nil
    }
    guard (1...Self.maxLength).contains(text.utf8.count) else {
      throw InvalidInput("idempotency-key", "must have 1 to \(Self.maxLength) bytes")
    }
    callerKind = C.kind
    self.caller = id
    self.module = module
    self.operation = operation
    self.text = text
  }

  /// Names the key's place, so that a sealed answer can't be moved to another one.
  var place: String { "\(callerKind)/\(caller)/\(module)/\(operation)/\(text)" }
}

/// Why an idempotency key can't be honoured.
package enum IdempotencyError: DomainError {
  /// The key was used with another request.
  case keyReused
  /// The first call with this key has not ended yet.
  case underWay
  /// The answer was sealed with a master key that is gone.
  case answerLost

  package var kind: FailureKind {
    switch self {
    case .keyReused: .invalidArgument
    case .underWay: .aborted
    case .answerLost: .failedPrecondition
    }
  }

  package var reason: String {
    switch self {
    case .keyReused: "IDEMPOTENCY_KEY_REUSED"
    case .underWay: "IDEMPOTENT_CALL_UNDER_WAY"
    case .answerLost: "ANSWER_LOST"
    }
  }

  package var message: String {
    switch self {
    case .keyReused: "the idempotency key was already used with a different request"
    case .underWay: "the first call with this idempotency key has not ended; try again"
    case .answerLost:
      "the stored answer was sealed with another master key; use another idempotency key"
    }
  }

  package var violations: [FieldViolation] {
    self == .keyReused
      ? [
        FieldViolation(
          "idempotency-key",
          "was already used with a different request"
        )
      ]
      : []
  }
}
