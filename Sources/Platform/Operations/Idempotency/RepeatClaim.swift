/// One call's claim of its idempotency key.
///
/// The key's row is inserted first, in the transaction of the effect: a parallel call with the same
/// key waits for that transaction, and then finds the answer.
package struct RepeatClaim<Output: Sendable>: Sendable {
  let key: IdempotencyKey
  let digest: [UInt8]
  let encode: @Sendable (Output) throws -> [UInt8]
  let vault: AnswerVault
  let clock: WallClock

  /// How long a call to the outside may take: mail servers and gateways answer within seconds.
  static var callLimit: Duration { .seconds(90) }

  /// How long a call to the outside is left alone before a repetition makes it again: longer than
  /// it may take.
  static var lease: Duration { .seconds(120) }

  /// How the key stands at the beginning of a call to the outside.
  enum Standing: Sendable {
    case new
    case answered([UInt8])
    /// The worker of an earlier call died or failed after it had recorded this intent. The key is
    /// this call's until the lease ends.
    case interrupted(intent: [UInt8], lease: Instant)
  }

  /// The answer of the call that came first; nil when that is this one.
  func firstAnswer<M>(in place: InTransaction<M>) async throws -> [UInt8]? {
    if try await insert(in: place) { return nil }
    guard let answer = try await stored(in: place).response else { throw IdempotencyError.underWay }
    return try vault.open(answer, under: key)
  }

  /// Claims the key for a call to the outside, which takes several transactions.
  func begin<M>(in place: InTransaction<M>) async throws -> Standing {
    if try await insert(in: place) { return .new }
    let row = try await stored(in: place)
    if let answer = row.response { return .answered(try vault.open(answer, under: key)) }
    guard let intent = row.intent, row.leaseUntil.map({ $0 < clock.now }) ?? true else {
      throw IdempotencyError.underWay
    }
    let lease = try await note(sealed: intent, in: place.module)
    return .interrupted(intent: try vault.open(intent, under: key), lease: lease)
  }

  /// Keeps what is going to be done, and the key for this call until its lease ends; the lease.
  func note<M>(_ intent: [UInt8], in place: InTransaction<M>) async throws -> Instant {
    try await note(sealed: vault.seal(intent, under: key), in: place.module)
  }

  /// Lets another call with this key try again at once.
  func release<M: Module>(_ lease: Instant, in module: M) async throws {
    try await module.process(
      IdempotencyKey.Release(
        callerKind: key.callerKind,
        caller: key.caller,
        module: key.module,
        method: key.operation,
        key: key.text,
        leaseUntil: lease
      )
    )
  }

  /// Keeps the answer for calls that come again. Throws `underWay` if another call has taken over
  /// the lease under which this one called the outside.
  func store<M>(
    _ output: Output,
    under lease: Instant? = nil,
    in place: InTransaction<M>
  ) async throws {
    let stored = try await place.process(
      IdempotencyKey.StoreResponse(
        response: vault.seal(try encode(output), under: key),
        callerKind: key.callerKind,
        caller: key.caller,
        module: key.module,
        method: key.operation,
        key: key.text,
        leaseUntil: lease
      )
    )
    guard stored == 1 else { throw IdempotencyError.underWay }
  }

  private func insert<M>(in place: InTransaction<M>) async throws -> Bool {
    try await place.process(
      IdempotencyKey.Claim(
        callerKind: key.callerKind,
        caller: key.caller,
        module: key.module,
        method: key.operation,
        key: key.text,
        requestDigest: digest,
        createdAt: clock.now
      )
    ) == 1
  }

  private func stored<M>(in place: InTransaction<M>) async throws -> IdempotencyKey.Lock.Row {
    let row = try await place.process(
      IdempotencyKey.Lock(
        callerKind: key.callerKind,
        caller: key.caller,
        module: key.module,
        method: key.operation,
        key: key.text
      )
    )
    guard let row else { throw IdempotencyError.keyReused }
    guard row.requestDigest == digest else {
      // Under another master key every request has another digest.
      if let sealed = row.response ?? row.intent { _ = try vault.open(sealed, under: key) }
      throw IdempotencyError.keyReused
    }
    return row
  }

  private func note<M: Module>(sealed intent: [UInt8], in module: M) async throws -> Instant {
    let lease = clock.now + Self.lease
    try await module.process(
      IdempotencyKey.NoteIntent(
        intent: intent,
        leaseUntil: lease,
        callerKind: key.callerKind,
        caller: key.caller,
        module: key.module,
        method: key.operation,
        key: key.text
      )
    )
    return lease
  }
}
