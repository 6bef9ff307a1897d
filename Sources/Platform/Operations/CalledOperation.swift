/// An operation that somebody outside calls. Its declaration says who may, how often, and what a
/// repeated call gets; ``Module/call(_:as:request:answer:)`` sees to all of it.
///
/// A demand that comes later, such as a second factor or a solved challenge, is one more static
/// member with a default here, and its check in ``CallGate/admit(_:_:)``.
///
/// A kind of operation for each kind of caller refines it: ``PublicOperation``,
/// ``CustomerOperation``, ``AdminOperation`` and ``PartnerOperation``. Nodes' agents come another
/// way: ``NodeAgentOperation``.
package protocol CalledOperation<Context>: Sendable {
  associatedtype Context: Workplace
  associatedtype Output: Sendable = Void
  associatedtype Caller: CallingParty

  /// Who may call it.
  static var access: Access { get }
  /// How often one caller may; nil: as often as it likes.
  static var limit: RateLimit? { get }
  /// What a call gets that is repeated with the same idempotency key.
  static var repeats: Repeats { get }

  /// The row that the audit log gets of a call, where it gets one.
  func auditEntry(of caller: Caller, _ outcome: AuditOutcome) -> AuditEntry?

  /// The steps of one call that was let in, inside as many transactions as it takes. Only the kinds
  /// of operation in Platform implement it.
  func carryOut(
    in module: Context.Home,
    by entry: Entry<Self>,
    once claim: RepeatClaim<Output>?
  ) async throws -> CallResult<Output>
}

extension CalledOperation {
  package static var limit: RateLimit? { nil }
  package static var repeats: Repeats { .runAgain }

  /// The operation's name: part of the keys of limits and idempotency.
  package static var name: String { String(describing: Self.self) }

  package func auditEntry(of caller: Caller, _ outcome: AuditOutcome) -> AuditEntry? { nil }
}

/// Who may call an operation.
package enum Access: Sendable, Hashable {
  /// Everyone, without a log-in.
  case anyone
  /// A customer with a session, for its own account.
  case customer
  /// An operator whose role holds the permission.
  case operators(Permission)
  /// A partner's program.
  case partner
}

/// What a call gets that is repeated with the same idempotency key.
package enum Repeats: Sendable, Hashable {
  /// It runs again: it changes nothing, or the same twice is the same as once.
  case runAgain
  /// The answer of the first call, whose effect stays the only one.
  case firstAnswer
}

/// Proof that the gate has let `caller` in to run `O`. Only Platform makes one, so no operator's
/// operation can be run past the gate. Those of the other callers are plain operations too, which
/// this program runs for itself.
package struct Entry<O: CalledOperation>: Sendable {
  package let caller: O.Caller

  init(_ caller: O.Caller) {
    self.caller = caller
  }
}

/// What a call came to.
package enum CallResult<Output: Sendable>: Sendable {
  /// It ran.
  case ran(Output)
  /// It is a repetition: the stored answer of the first one.
  case repeated([UInt8])
}

/// A called operation that is carried out in one step: in one transaction, or in none.
package protocol OneStepOperation: CalledOperation {
  /// Runs the operation for a caller that the gate has let in.
  func perform(in context: Context, by entry: Entry<Self>) async throws -> Output
}

extension OneStepOperation {
  package func carryOut(
    in module: Context.Home,
    by entry: Entry<Self>,
    once claim: RepeatClaim<Output>?
  ) async throws -> CallResult<Output> {
    guard let claim else { return .ran(try await run(in: module, by: entry)) }
    return try await module.transaction { place in
      if let answer = try await claim.firstAnswer(in: place) { return .repeated(answer) }
      let output = try await run(in: place.module, by: entry)
      try await claim.store(output, in: place)
      return .ran(output)
    }
  }

  /// Runs the operation with its audit row, in one transaction where it has one.
  private func run(in module: Context.Home, by entry: Entry<Self>) async throws -> Output {
    try await Context.run(in: module) { place in
      let output = try await perform(in: place, by: entry)
      if let row = auditEntry(of: entry.caller, .succeeded) {
        try await module.gate.audit.record(row, in: place.database)
      }
      return output
    }
  }
}
