import FoundationEssentials
import Platform
import Tokens

/// Logs an account in by its address and password.
struct LogIn: Operation {
  let email: EmailAddress
  let password: TypedPassword

  func perform(in auth: Auth) async throws -> TokenPair {
    // Counted before the password is looked at, so that guesses side by side are all counted; a
    // log-in that succeeds is no guess.
    try await auth.limitClient(.logInsOfClient)
    try await auth.limits.take(.logInsOfAddress, email.text)
    let account = try await checkedAccount(in: auth)
    try await auth.giveBackToClient(.logInsOfClient)
    try await auth.limits.giveBack(.logInsOfAddress, email.text)
    return try await auth.process(OpenSession(account: account))
  }

  private func checkedAccount(in auth: Auth) async throws -> Account.ID {
    do {
      guard let row = try await auth.database.process(Account.FindByEmail(email: email.text)) else {
        // As slow as a wrong password, so that time doesn't tell which addresses have an account.
        _ = try await auth.passwords.verifyAbsent(password.text)
        throw AuthError.wrongCredentials
      }
      guard try await auth.passwords.verify(password.text, against: row.passwordHash) else {
        throw AuthError.wrongCredentials
      }
      guard !row.isBanned else { throw AuthError.banned }
      let newHash =
        try auth.passwords.needsRehash(row.passwordHash)
        ? try await auth.passwords.hash(password.text) : nil
      try await auth.database.process(
        Account.MarkLoggedIn(at: auth.clock.now, newHash: newHash, id: row.id)
      )
      return row.id
    } catch PasswordHasherError.overloaded {
      throw AuthError.busy
    }
  }
}

/// The tokens that a client keeps after a log-in.
struct TokenPair: Sendable {
  let account: Account.ID
  let access: String
  let refresh: String
  let accessExpiresAt: Instant

  /// A stolen access token is of use for this long at most, and only while its session lives.
  static let accessLifetime: Int64 = 15 * 60
}

/// Opens a session for an account whose identity is proved.
struct OpenSession: Operation {
  let account: Account.ID

  func perform(in auth: Auth) async throws -> TokenPair {
    let session: Session.ID = auth.ids.next()
    let tokens = try await auth.issueTokens(for: account, session: session)
    // A ban ends the sessions that it finds. One that came before this look is seen here, a later
    // one finds this session.
    guard try await auth.database.process(Account.Find(id: account))?.isBanned == false else {
      try await Sessions(redis: auth.redis).end(session)
      throw AuthError.banned
    }
    return tokens
  }
}

/// Exchanges a refresh token for new tokens. Using an old one again ends the session, since it was
/// probably stolen.
struct RefreshSession: Operation {
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
    guard try await auth.database.process(Account.Find(id: session.account))?.isBanned == false
    else {
      try await sessions.end(id)
      throw AuthError.banned
    }
    return try await auth.issueTokens(for: session.account, session: id, replacing: session)
  }
}

/// Ends the session of an access token.
struct LogOut: Operation {
  let session: Session.ID

  func perform(in auth: Auth) async throws {
    try await Sessions(redis: auth.redis).end(session)
  }
}

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

extension Auth {
  fileprivate func issueTokens(
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
