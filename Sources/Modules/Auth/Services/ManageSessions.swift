import Platform

/// The sessions of an account, most recently used first.
struct ListSessions: Operation {
  let account: Account.ID

  func perform(in auth: Auth) async throws -> [(id: Session.ID, session: LoginSession)] {
    try await Sessions(redis: auth.redis).all(of: account)
  }
}

/// Ends a session of an account; another account's looks as if it didn't exist.
struct EndSession: Operation {
  let id: Session.ID
  let account: Account.ID

  func perform(in auth: Auth) async throws {
    let sessions = Sessions(redis: auth.redis)
    guard try await sessions.find(id)?.account == account else { throw NotFound("session") }
    try await sessions.end(id)
  }
}

/// Ends every session of an account but one.
struct EndOtherSessions: Operation {
  let account: Account.ID
  let kept: Session.ID

  func perform(in auth: Auth) async throws {
    let sessions = Sessions(redis: auth.redis)
    for (id, _) in try await sessions.all(of: account) where id != kept {
      try await sessions.end(id)
    }
  }
}
