import Platform

/// Ends a session of an account; another account's looks as if it didn't exist.
struct EndSession: CustomerOperation {
  let id: Session.ID
  let account: Account.ID

  func perform(in auth: Auth) async throws {
    let sessions = Sessions(redis: auth.redis)
    guard try await sessions.find(id)?.account == account else { throw NotFound("session") }
    try await sessions.end(id)
  }
}
