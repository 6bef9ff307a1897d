import Crypto
import FoundationEssentials

/// A client's key for a call that must have one effect however often it is sent.
package struct IdempotencyKey: Sendable, Hashable {
  package let caller: Account.ID
  package let method: String
  package let key: String

  /// Longer keys are no keys but payloads.
  package static let longest = 255

  /// The key of the call under way; nil when the client sent none.
  package init?(caller: Account.ID, method: String) throws {
    guard let key = RequestContext.current?.idempotencyKey else { return nil }
    guard !key.isEmpty, key.utf8.count <= Self.longest else {
      throw InvalidInput("idempotency-key", "must have 1 to \(Self.longest) bytes")
    }
    self.caller = caller
    self.method = method
    self.key = key
  }

  package init(caller: Account.ID, method: String, key: String) {
    self.caller = caller
    self.method = method
    self.key = key
  }
}

extension AdminOperation {
  /// The key of the call under way, by which an operator's repeated call has one effect; nil when
  /// the client sent none.
  package func idempotencyKey(of admin: Authorized<Self>) throws -> IdempotencyKey? {
    try IdempotencyKey(
      caller: Account.ID(admin.admin.id.uuid),
      method: String(describing: Self.self)
    )
  }
}

extension Transaction {
  /// Runs `body` once per key: the first call's answer is stored with its effect, later calls get
  /// it without running `body`.
  ///
  /// The key is claimed first, so a parallel call with it waits for this transaction. Another
  /// request with the same key is refused.
  package func idempotently<Answer: Codable & Sendable>(
    _ key: IdempotencyKey?,
    request: some Encodable,
    at instant: Instant,
    _ body: () async throws -> Answer
  ) async throws -> Answer {
    guard let key else { return try await body() }
    let digest = [UInt8](SHA256.hash(data: try JSON.encode(request)))
    let claimed = try await process(
      IdempotencyKey.Claim(
        caller: key.caller.uuid,
        method: key.method,
        key: key.key,
        requestDigest: digest,
        createdAt: instant
      )
    )
    guard claimed == 1 else {
      let stored = try await process(
        IdempotencyKey.FindResponse(caller: key.caller.uuid, method: key.method, key: key.key)
      )
      guard let stored, stored.requestDigest == digest, let response = stored.response else {
        throw IdempotencyError.keyReused
      }
      return try JSON.decode(Answer.self, from: response)
    }
    let answer = try await body()
    try await process(
      IdempotencyKey.StoreResponse(
        response: try JSON.encode(answer),
        caller: key.caller.uuid,
        method: key.method,
        key: key.key
      )
    )
    return answer
  }
}

/// Why an idempotency key can't be honoured.
package enum IdempotencyError: String, DomainError {
  case keyReused

  package var kind: FailureKind { .invalidArgument }
  package var reason: String { "IDEMPOTENCY_KEY_REUSED" }
  package var violations: [FieldViolation] {
    [FieldViolation(field: "idempotency-key", description: "was used with another request")]
  }
}
