import FoundationEssentials
import Platform
import Tokens

extension Auth {
  /// Signs new tokens of the session `id`, and keeps the session: a new one, or `old` renewed.
  func issueTokens(
    for account: Account.ID,
    session id: Session.ID,
    replacing old: LoginSession? = nil
  ) async throws -> TokenPair {
    let now = clock.now.seconds
    let refreshIdentifier = ids.randomUUID()
    let sessions = Sessions(redis: redis)
    let call = RequestContext.current
    let session = LoginSession(
      account: account,
      refreshIdentifier: refreshIdentifier,
      openedAt: old.map { $0.openedAt } ?? clock.now,
      refreshedAt: clock.now,
      remoteAddress: call?.remoteAddress,
      userAgent: call.map { String($0.userAgent.prefix(LoginSession.longestUserAgent)) }
    )
    if let old {
      guard try await sessions.replace(old, by: session, id: id) else {
        try await sessions.end(id)
        throw AuthError.invalidToken
      }
    } else {
      try await sessions.store(session, id: id)
    }
    let accessExpiry = now + TokenPair.accessLifetime
    let access = TokenClaims(
      subject: account.uuid,
      session: id.uuid,
      issuedAt: now,
      expiresAt: accessExpiry,
      identifier: ids.randomUUID()
    )
    let refresh = TokenClaims(
      subject: account.uuid,
      session: id.uuid,
      issuedAt: now,
      expiresAt: now + Sessions.lifetime.components.seconds,
      identifier: refreshIdentifier
    )
    return TokenPair(
      account: account,
      access: try await accessTokens.sign(access),
      refresh: try await refreshTokens.sign(refresh),
      accessExpiresAt: Instant(seconds: accessExpiry)
    )
  }
}
