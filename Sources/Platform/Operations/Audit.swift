import Postgres

/// What an admin operation acts on.
package struct AuditTarget: Sendable, Hashable {
  package let kind: String
  package let id: String

  package init(_ kind: String, _ id: String) {
    self.kind = kind
    self.id = id
  }
}

/// How an admin operation ended, or that it has begun.
package enum AuditOutcome: String, Sendable, CaseIterable, PostgresCodable {
  case succeeded, denied, failed
  /// It is going to call something outside; a row with how that ended follows.
  case begun
}

/// One row of the audit log.
package struct AuditEntry: Sendable, Hashable {
  package let operation: String
  package let target: AuditTarget
  package let detail: String
  package let admin: Admin
  package let outcome: AuditOutcome
  package let remoteAddress: String
  package let requestID: String

  package init<O: AdminCall>(_ operation: O, by admin: Admin, outcome: AuditOutcome) {
    self.operation = O.permission.name
    target = operation.target
    detail = operation.detail
    self.admin = admin
    self.outcome = outcome
    remoteAddress = RequestContext.current?.remoteAddress ?? ""
    requestID = RequestContext.current?.requestID ?? ""
  }
}

/// Where audit rows go: Manage's table, which Server wires in.
package protocol AuditLog: Sendable {
  func record(_ entry: AuditEntry, in database: DatabaseProcessor) async throws
}
