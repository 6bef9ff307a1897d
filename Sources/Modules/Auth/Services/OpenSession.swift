import Platform

/// Opens a session for an account whose identity is proved.
struct OpenSession: Operation {
  let account: Account.ID

  func perform(in auth: Auth) async throws -> TokenPair {
    let session: Session.ID = auth.ids.next()
    let tokens = try await auth.issueTokens(for: account, session: session)
    // A ban ends the sessions that it finds. One that came before this look is seen here, a later
    // one finds this session.
    guard try await auth.process(Account.Find(id: account))?.isBanned == false else {
      try await Sessions(redis: auth.redis).end(session)
      throw AuthError.banned
    }
    return tokens
  }
}
