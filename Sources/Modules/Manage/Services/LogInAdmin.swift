package import Platform
import Tokens

/// Exchanges an API key for a short-lived token.
package struct LogInAdmin: PublicOperation {
  let apiKey: String

  /// A stolen token is useful for at most this long. There are no refresh tokens: the key gets a
  /// new token.
  static let tokenLifetime: Int64 = 15 * 60

  package init(apiKey: String) {
    self.apiKey = apiKey
  }

  package func perform(in manage: InTransaction<Manage>) async throws -> AdminToken {
    let now = manage.clock.now
    guard let key = OpaqueToken(apiKey),
      let row = try await manage.process(APIKey.Find(keyHash: key.digest)),
      APIKey.isValid(at: now, expiresAt: row.expiresAt, revokedAt: row.revokedAt), !row.disabled
    else { throw Unauthenticated("INVALID_API_KEY") }
    try await manage.process(APIKey.MarkUsed(at: now, id: row.id))
    try await manage.process(Administrator.MarkLoggedIn(at: now, id: row.adminID))
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
