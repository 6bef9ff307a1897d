import FieldViolations
import Platform

/// A secret by which an operator logs in.
struct APIKey: Identifiable, Hashable, Sendable {
  let id: Identifier<APIKey>
  let admin: Admin.ID
  let name: String
  let createdAt: Instant
  let expiresAt: Instant?
  let revokedAt: Instant?
  let lastUsedAt: Instant?

  /// Whether a key with these dates may be used.
  static func isValid(at instant: Instant, expiresAt: Instant?, revokedAt: Instant?) -> Bool {
    revokedAt == nil && expiresAt.map { instant < $0 } ?? true
  }
}

extension APIKey {
  init(_ row: APIKey.Row) {
    self.init(
      id: row.id,
      admin: row.adminID,
      name: row.name,
      createdAt: row.createdAt,
      expiresAt: row.expiresAt,
      revokedAt: row.revokedAt,
      lastUsedAt: row.lastUsedAt
    )
  }
}

/// A name that an operator gives: 1 to 100 characters of one line.
struct AdminLabel: Hashable, Sendable {
  let text: String

  /// Longer names don't fit a list's column.
  static let longest = 100

  init(_ text: String, field: String) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(line: text, of: 1...Self.longest, field)
    try violations.throwIfAny()
    self.text = text
  }
}
