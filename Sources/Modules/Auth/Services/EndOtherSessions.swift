import Platform

/// Ends every session of an account but one.
struct EndOtherSessions: CustomerOperation {
  let account: Account.ID
  let kept: Session.ID

  func perform(in auth: Auth) async throws {
    let sessions = Sessions(redis: auth.redis)
    for (id, _) in try await sessions.all(of: account) where id != kept {
      try await sessions.end(id)
    }
  }
}
