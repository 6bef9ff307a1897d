import Platform
import Tokens

/// An answer with a secret, as an idempotency key keeps it.
private struct SealedAnswer: Codable {
  let sealed: String
}

/// A stored answer that can't be opened: it was sealed with another master key.
struct LostAnswer: DomainError {
  var kind: FailureKind { .failedPrecondition }
  var reason: String { "ANSWER_LOST" }
  var message: String {
    "the stored answer was sealed with another master key; use another idempotency key"
  }
}

extension Transaction {
  /// Runs `body` once per key, as `idempotently` does; its answer is stored sealed, for it holds a
  /// secret that is kept only as a hash.
  func secretly<Answer: Codable & Sendable>(
    _ key: IdempotencyKey?,
    request: some Encodable,
    sealing sealer: SecretSealer,
    at instant: Instant,
    _ body: () async throws -> Answer
  ) async throws -> Answer {
    guard let key else { return try await body() }
    let place = "\(key.caller)/\(key.method)/\(key.key)"
    let stored = try await idempotently(key, request: request, at: instant) {
      SealedAnswer(sealed: sealer.seal(try JSON.encode(try await body()), context: place).base64)
    }
    guard let sealed = SealedSecret(base64: stored.sealed),
      let answer = try? sealer.open(sealed, context: place)
    else {
      throw LostAnswer()
    }
    return try JSON.decode(Answer.self, from: answer)
  }
}
