import FieldViolations
import Platform

/// Stores a document as the next version of a module's settings.
struct UpdateSettings: AdminOperation {
  static let permission = Permission("manage.settings.update", .superAdmins)

  let module: String
  let document: [UInt8]
  let version: Int64

  /// Templates make the largest documents, and all of them together have less.
  static let longestDocument = 1_048_576

  init(module: String, document: [UInt8], version: Int64) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(
      (1...Self.longestDocument).contains(document.count),
      "document",
      "must have 1 to \(Self.longestDocument) bytes"
    )
    violations.check(version >= 0, "version", "must not be negative")
    try violations.throwIfAny()
    self.module = module
    self.document = document
    self.version = version
  }

  var target: AuditTarget { .settings(of: module) }
  var detail: String { "after version \(version)" }

  func perform(in manage: InTransaction<Manage>, as admin: Authorized<Self>) async throws -> Int64 {
    try manage.module.checkHasSettings(module)
    let settings = manage.settings
    let changed = try await settings.change(
      module,
      to: document,
      after: version,
      by: admin.id,
      at: manage.clock.now,
      in: manage.transaction
    )
    manage.afterCommit { await settings.announce() }
    return changed
  }
}
