package import Platform

/// A row of the audit log.
struct AuditRow: Identifiable, Hashable, Sendable {
  let id: Identifier<AuditRow>
  let at: Instant
  let admin: Admin.ID
  let role: Role
  let operation: String
  let target: AuditTarget
  let detail: String
  let outcome: AuditOutcome
  let remoteAddress: String
  let requestID: String
}

extension Identifier<Admin> {
  /// Stands for whoever has a shell on the machine, in audit rows of what was done there without a
  /// log-in.
  static var machine: Identifier { .first }
}

extension AuditRow.Insert {
  /// The row of something that succeeded without being an admin operation: `admin` did it without a
  /// log-in.
  init(
    _ operation: String,
    on target: AuditTarget,
    detail: String = "",
    by admin: Admin.ID,
    role: Role,
    at instant: Instant,
    id: Identifier<AuditRow>
  ) {
    let call = RequestContext.current
    self.init(
      id: id,
      at: instant,
      adminID: admin,
      role: role,
      operation: operation,
      targetKind: target.kind,
      targetID: target.id,
      detail: detail,
      outcome: .succeeded,
      remoteAddress: call?.remoteAddress ?? "",
      requestID: call?.requestID ?? ""
    )
  }
}

extension AuditRow {
  init(_ row: AuditRow.Search.Row) {
    self.init(
      id: row.id,
      at: row.at,
      admin: row.adminID,
      role: row.role,
      operation: row.operation,
      target: AuditTarget(row.targetKind, row.targetID),
      detail: row.detail,
      outcome: row.outcome,
      remoteAddress: row.remoteAddress,
      requestID: row.requestID
    )
  }
}

/// Writes audit rows to Manage's table.
package struct DatabaseAuditLog: AuditLog {
  private let clock: WallClock
  private let ids: IdentifierSource

  package init(clock: WallClock, ids: IdentifierSource) {
    self.clock = clock
    self.ids = ids
  }

  package func record(_ entry: AuditEntry, in database: DatabaseProcessor) async throws {
    try await database.process(
      AuditRow.Insert(
        id: ids.next(),
        at: clock.now,
        adminID: entry.admin.id,
        role: entry.admin.role,
        operation: entry.operation,
        targetKind: entry.target.kind,
        targetID: entry.target.id,
        detail: entry.detail,
        outcome: entry.outcome,
        remoteAddress: entry.remoteAddress,
        requestID: entry.requestID
      )
    )
  }
}
