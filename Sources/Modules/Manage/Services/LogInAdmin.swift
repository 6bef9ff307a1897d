package import Platform
import Tokens

/// Exchanges an API key for a short-lived token.
package struct LogInAdmin: Operation {
  let apiKey: String

  /// A stolen token is useful for at most this long. There are no refresh tokens: the key gets a
  /// new token.
  static let tokenLifetime: Int64 = 15 * 60

  package init(apiKey: String) {
    self.apiKey = apiKey
  }

  package func perform(in manage: Manage) async throws -> AdminToken {
    let now = manage.clock.now
    guard let key = OpaqueToken(apiKey),
      let row = try await manage.database.process(APIKey.Find(keyHash: key.digest)),
      APIKey.isValid(at: now, expiresAt: row.expiresAt, revokedAt: row.revokedAt), !row.disabled
    else { throw Unauthenticated("INVALID_API_KEY") }
    try await manage.transaction { _, transaction in
      try await transaction.process(APIKey.MarkUsed(at: now, id: row.id))
      try await transaction.process(Administrator.MarkLoggedIn(at: now, id: row.adminID))
    }
    let expiresAt = now.seconds + Self.tokenLifetime
    let claims = TokenClaims(
      subject: row.adminID.uuid,
      session: row.id.uuid,
      role: row.role.rawValue,
      issuedAt: now.seconds,
      expiresAt: expiresAt,
      identifier: manage.ids.next(AdminToken.self).uuid
    )
    return AdminToken(
      text: try await manage.tokens.sign(claims),
      expiresAt: Instant(seconds: expiresAt)
    )
  }
}

/// What an operator's calls carry.
package struct AdminToken: Sendable {
  package let text: String
  package let expiresAt: Instant
}

/// Checks an admin token: its signature, and that its key and operator still stand.
struct VerifyAdminToken: Operation {
  let token: String

  func perform(in manage: Manage) async throws -> (Admin.ID, Role) {
    let now = manage.clock.now
    let claims: TokenClaims
    do {
      claims = try await manage.tokens.verify(token, now: now.seconds)
    } catch {
      throw Unauthenticated("INVALID_ADMIN_TOKEN")
    }
    guard let key = claims.session else { throw Unauthenticated("INVALID_ADMIN_TOKEN") }
    let admin = Admin.ID(claims.subject)
    let row = try await manage.database.process(
      APIKey.FindOfToken(id: Identifier(key), adminID: admin)
    )
    guard let row, APIKey.isValid(at: now, expiresAt: row.expiresAt, revokedAt: row.revokedAt),
      !row.disabled
    else {
      throw Unauthenticated("INVALID_ADMIN_TOKEN")
    }
    return (admin, row.role)
  }
}
