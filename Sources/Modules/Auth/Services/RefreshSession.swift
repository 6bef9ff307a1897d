import Platform
import Tokens

/// Exchanges a refresh token for new tokens. Using an old one again ends the session, since it was
/// probably stolen.
struct RefreshSession: PublicOperation {
  let token: String

  func perform(in auth: Auth) async throws -> TokenPair {
    let claims: TokenClaims
    do {
      claims = try await auth.refreshTokens.verify(token, now: auth.clock.now.seconds)
    } catch {
      throw AuthError.invalidToken
    }
    guard let id = claims.session.map(Session.ID.init) else { throw AuthError.invalidToken }
    let sessions = Sessions(redis: auth.redis)
    guard let session = try await sessions.find(id) else { throw AuthError.invalidToken }
    guard session.refreshIdentifier == claims.identifier else {
      try await sessions.end(id)
      throw AuthError.invalidToken
    }
    // The sessions of a banned account are ended; until they are, they must not be renewed.
    guard try await auth.process(Account.Find(id: session.account))?.isBanned == false else {
      try await sessions.end(id)
      throw AuthError.banned
    }
    return try await auth.issueTokens(for: session.account, session: id, replacing: session)
  }
}
