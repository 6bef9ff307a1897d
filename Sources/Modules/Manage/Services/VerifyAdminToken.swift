import Platform
import Tokens

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
    let row = try await manage.process(
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
