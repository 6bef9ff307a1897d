import Logging

/// An operation that operators call: it names its permission, and only runs with a verified admin
/// in hand.
package protocol AdminOperation<Context>: Sendable {
  associatedtype Context: AdministeredModule
  associatedtype Output: Sendable = Void

  static var permission: Permission { get }
  /// What the audit row names.
  var target: AuditTarget { get }
  /// What else the audit row keeps, e.g. a reason or an amount; never a secret.
  var detail: String { get }

  func perform(in context: Context, as admin: Authorized<Self>) async throws -> Output
}

extension AdminOperation {
  package var detail: String { "" }
}

/// A module with admin operations.
package protocol AdministeredModule: Module {
  var gate: AdminGate { get }
}

/// What checks and records admin operations.
package struct AdminGate: Sendable {
  package let permissions: PermissionTable
  package let audit: any AuditLog

  package init(permissions: PermissionTable, audit: any AuditLog) {
    self.permissions = permissions
    self.audit = audit
  }
}

extension AdministeredModule {
  /// Runs an admin operation: role check, effect and audit row in one transaction; a denial or
  /// failure is audited in one of its own.
  package func process<O: AdminOperation>(_ operation: O, as admin: Admin) async throws -> O.Output
  where O.Context == Self {
    do {
      try gate.permissions.check(O.permission, for: admin)
      return try await Telemetry.measured(O.self) {
        try await transaction { bound, transaction in
          let output = try await operation.perform(in: bound, as: Authorized(admin))
          try await gate.audit.record(
            AuditEntry(operation, by: admin, outcome: .succeeded),
            in: transaction.database
          )
          return output
        }
      }
    } catch {
      if !database.isTransaction {
        let outcome: AuditOutcome = error is PermissionDenied ? .denied : .failed
        do {
          try await gate.audit.record(
            AuditEntry(operation, by: admin, outcome: outcome),
            in: database
          )
        } catch let unrecorded {
          // What went wrong first is what the caller must hear.
          Telemetry.logger.error(
            "a failed admin operation could not be audited",
            metadata: [LogKey.error: "\(unrecorded)"]
          )
        }
      }
      throw error
    }
  }
}
