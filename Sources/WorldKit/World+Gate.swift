import Crypto
package import Platform

extension World {
  /// A gate as a worker has it, without Redis: it counts tries in this process, and `audit` keeps
  /// the rows.
  ///
  /// - Parameter permissions: nil lets every role do everything that `operations` ask for.
  package func gate(
    of operations: [any CalledOperation.Type] = [],
    permissions: PermissionTable? = nil,
    audit: any AuditLog = RecordingAuditLog(),
    limits: RateLimiter? = nil
  ) -> CallGate {
    let everyone = operations.compactMap { operation -> (String, Set<Role>)? in
      guard case .operators(let permission) = operation.access else { return nil }
      return (permission.name, .everyone)
    }
    return CallGate(
      permissions: permissions
        ?? PermissionTable(Dictionary(everyone) { first, _ in first }),
      audit: audit,
      limits: limits ?? RateLimiter(redis: nil, clock: clock.clock),
      answers: .forTests,
      clock: clock.clock
    )
  }
}

extension AnswerVault {
  /// A vault that flips the bits of what it seals: a test sees whether an answer was stored in the
  /// clear.
  package static let forTests = AnswerVault(
    requestKey: SymmetricKey(data: [UInt8](repeating: 9, count: 32)),
    seal: { answer, _ in answer.map { ~$0 } },
    open: { sealed, _ in sealed.map { ~$0 } }
  )
}
