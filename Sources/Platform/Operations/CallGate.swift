import Logging

/// What stands before every operation that is called from outside: it checks who may, counts how
/// often, keeps the answers of calls that may be repeated, and writes the audit log.
package struct CallGate: Sendable {
  package let permissions: PermissionTable
  package let audit: any AuditLog
  package let limits: RateLimiter
  let answers: AnswerVault
  let clock: WallClock

  /// - Parameter answers: seals the answers that idempotency keys give again.
  package init(
    permissions: PermissionTable,
    audit: any AuditLog,
    limits: RateLimiter,
    answers: AnswerVault,
    clock: WallClock
  ) {
    self.permissions = permissions
    self.audit = audit
    self.limits = limits
    self.answers = answers
    self.clock = clock
  }

  /// Throws why `caller` may not call `operation` now.
  func admit<O: CalledOperation>(_ operation: O.Type, _ caller: O.Caller) async throws {
    if case .operators(let permission) = O.access {
      guard let admin = caller as? Admin else { throw Unauthenticated() }
      try permissions.check(permission, for: admin)
    }
    if let limit = O.limit, let subject = caller.limitSubject {
      try await limits.take(limit, subject)
    }
  }

  /// Takes a try back that has succeeded, if only failures count. The call has had its effect, so an
  /// error here is no failure of it.
  func giveBack<O: CalledOperation>(_ operation: O.Type, _ caller: O.Caller) async {
    guard let limit = O.limit, limit.counts == .failures, let subject = caller.limitSubject else {
      return
    }
    do {
      try await limits.giveBack(limit, subject)
    } catch {
      Telemetry.logger.warning(
        "a try could not be given back",
        metadata: [LogKey.operation: "\(O.name)", LogKey.error: "\(error)"]
      )
    }
  }
}

extension Module {
  /// Runs `operation` as `caller` calls it: checked, limited, measured and audited. It takes no
  /// idempotency key; see ``call(_:as:request:answer:)``.
  package func process<O: CalledOperation>(
    _ operation: O,
    as caller: O.Caller
  ) async throws -> O.Output where O.Context.Home == Self {
    switch try await admitted(operation, caller, once: nil) {
    case .ran(let output): return output
    case .repeated: preconditionFailure("a call without a key repeats nothing")
    }
  }

  /// Runs `operation` as `caller` calls it from outside; a call that is repeated with the same
  /// idempotency key gets the first answer.
  ///
  /// - Parameters:
  ///   - request: the bytes of the decoded request, the same for equal requests however they were
  ///     encoded. They are compared by an HMAC alone.
  ///   - answer: the bytes that stand for an output until the call is repeated.
  package func call<O: CalledOperation>(
    _ operation: O,
    as caller: O.Caller,
    request: () throws -> [UInt8],
    answer: @escaping @Sendable (O.Output) throws -> [UInt8]
  ) async throws -> CallResult<O.Output> where O.Context.Home == Self {
    var claim: RepeatClaim<O.Output>?
    if O.repeats == .firstAnswer,
      let key = try IdempotencyKey(of: caller, module: Self.name, operation: O.name)
    {
      claim = RepeatClaim(
        key: key,
        digest: gate.answers.digest(of: try request(), under: key),
        encode: answer,
        vault: gate.answers,
        clock: gate.clock
      )
    }
    return try await admitted(operation, caller, once: claim)
  }

  private func admitted<O: CalledOperation>(
    _ operation: O,
    _ caller: O.Caller,
    once claim: RepeatClaim<O.Output>?
  ) async throws -> CallResult<O.Output> where O.Context.Home == Self {
    do {
      return try await Telemetry.measured(O.self) {
        try await gate.admit(O.self, caller)
        let result = try await operation.carryOut(in: self, by: Entry(caller), once: claim)
        await gate.giveBack(O.self, caller)
        return result
      }
    } catch {
      let outcome: AuditOutcome = error is PermissionDenied ? .denied : .failed
      if !database.isTransaction, let row = operation.auditEntry(of: caller, outcome) {
        do {
          try await gate.audit.record(row, in: database)
        } catch let unrecorded {
          // The caller must get the first error.
          Telemetry.logger.error(
            "a failed call could not be audited",
            metadata: [LogKey.error: "\(unrecorded)"]
          )
        }
      }
      throw error
    }
  }
}
