import Platform
import Tokens

/// Checks an access token: its signature, and that its session lives.
struct VerifyAccessToken: Operation {
  let token: String

  func perform(in auth: Auth) async throws -> Customer {
    let claims: TokenClaims
    do {
      claims = try await auth.accessTokens.verify(token, now: auth.clock.now.seconds)
    } catch {
      throw Unauthenticated("INVALID_ACCESS_TOKEN")
    }
    let account = Account.ID(claims.subject)
    guard let id = claims.session.map(Session.ID.init),
      try await Sessions(redis: auth.redis).find(id)?.account == account
    else {
      throw Unauthenticated("SESSION_ENDED")
    }
    return Customer(id: account, session: id)
  }
}
