/// An operator's operation that calls something outside this installation's own stores: a gateway,
/// a mail server.
///
/// Nothing outside is called inside a transaction. The intent commits first, with the idempotency
/// key and an audit row; then the call is made; then its result commits, with the answer and a
/// second audit row. If the worker dies in between, a repetition with the same key makes the same
/// call again, so `reach` must pass something of the intent on by which the other side knows it.
package protocol OutwardOperation<Context>: AdminCall where Context: Module {
  associatedtype Context
  associatedtype Output = Void
  /// What is going to be done: all that the call needs, for a repetition has nothing else.
  associatedtype Intent: Codable & Sendable
  /// What the other side said.
  associatedtype Reply: Sendable

  /// Checks what is asked for, and records what is going to be done.
  func intend(
    in place: InTransaction<Context>,
    as admin: Authorized<Self>
  ) async throws -> Intent

  /// Makes the call. No transaction is open, and none may be held while it waits.
  func reach(_ intent: Intent, from module: Context) async throws -> Reply

  /// Records what came of it.
  func conclude(
    _ intent: Intent,
    _ reply: Reply,
    in place: InTransaction<Context>
  ) async throws -> Output
}

extension OutwardOperation {
  package func carryOut(
    in module: Context,
    by entry: Entry<Self>,
    once claim: RepeatClaim<Output>?
  ) async throws -> CallResult<Output> {
    guard !module.database.isTransaction else {
      throw OutwardCallInTransaction(operation: Self.name)
    }
    let beginning: Beginning<Intent> = try await module.transaction { place in
      switch try await claim?.begin(in: place) {
      case .answered(let answer): return .answered(answer)
      case .interrupted(let intent, let lease):
        return .intended(try JSON.decode(Intent.self, from: intent), lease: lease)
      case .new, nil:
        let intent = try await intend(in: place, as: Authorized(entry.caller))
        let lease = try await claim?.note(try JSON.encode(intent), in: place)
        try await record(.begun, by: entry.caller, in: place)
        return .intended(intent, lease: lease)
      }
    }
    switch beginning {
    case .answered(let answer): return .repeated(answer)
    case .intended(let intent, let lease):
      return .ran(try await finish(intent, under: lease, in: module, entry, claim))
    }
  }

  private func finish(
    _ intent: Intent,
    under lease: Instant?,
    in module: Context,
    _ entry: Entry<Self>,
    _ claim: RepeatClaim<Output>?
  ) async throws -> Output {
    let reply: Reply
    do {
      reply = try await reachInTime(intent, from: module)
    } catch {
      // The key is free for another try at once, and what was intended stays known. If that fails,
      // the key is free when its lease ends.
      if let lease { try? await claim?.release(lease, in: module) }
      throw error
    }
    return try await module.transaction { place in
      let output = try await conclude(intent, reply, in: place)
      try await claim?.store(output, under: lease, in: place)
      try await record(.succeeded, by: entry.caller, in: place)
      return output
    }
  }

  /// Makes the call, and gives it up well before its lease ends.
  private func reachInTime(_ intent: Intent, from module: Context) async throws -> Reply {
    try await withThrowingTaskGroup(of: Reply.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await reach(intent, from: module) }
      group.addTask {
        try await Task.sleep(for: RepeatClaim<Output>.callLimit)
        throw OutwardCallTimedOut()
      }
      guard let reply = try await group.next() else { throw CancellationError() }
      return reply
    }
  }

  private func record(
    _ outcome: AuditOutcome,
    by admin: Admin,
    in place: InTransaction<Context>
  ) async throws {
    try await place.gate.audit.record(
      AuditEntry(self, by: admin, outcome: outcome),
      in: place.database
    )
  }
}

private enum Beginning<Intent: Sendable>: Sendable {
  case answered([UInt8])
  /// What is going to be done; with a key, this call has it until its lease ends.
  case intended(Intent, lease: Instant?)
}

/// A programming mistake: an operation that calls the outside was run inside a transaction.
package struct OutwardCallInTransaction: Error {
  package let operation: String
}

/// The outside did not answer in time. Whether it did what was asked is not known; a repetition with
/// the same key asks again.
package struct OutwardCallTimedOut: DomainError, Hashable {
  package var kind: FailureKind { .deadlineExceeded }
  package var reason: String { "OUTWARD_CALL_TIMED_OUT" }
  package var message: String { "what had to be called did not answer in time; try again" }
}
