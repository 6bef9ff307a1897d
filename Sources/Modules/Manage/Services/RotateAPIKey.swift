import Platform

/// Replaces one of the caller's keys with a new one. The old key and all tokens issued for it stop
/// working.
struct RotateAPIKey: AdminOperation {
  static let permission = Permission("manage.api_key.rotate", .everyone)
  static let repeats = Repeats.firstAnswer

  let id: Identifier<APIKey>
  /// Nil: the old key's expiry.
  let expiresAt: Instant?

  var target: AuditTarget { AuditTarget("api_key", id.description) }

  func perform(
    in manage: InTransaction<Manage>,
    as admin: Authorized<Self>
  ) async throws -> IssuedAPIKey {
    let now = manage.clock.now
    guard let row = try await manage.process(APIKey.Lock(id: id)), row.adminID == admin.id,
      APIKey.isValid(at: now, expiresAt: row.expiresAt, revokedAt: row.revokedAt)
    else { throw NotFound("apiKey") }
    try await manage.process(APIKey.Revoke(at: now, id: id))
    return try await manage.issueKey(
      to: row.adminID,
      named: row.name,
      until: expiresAt ?? row.expiresAt
    )
  }
}
