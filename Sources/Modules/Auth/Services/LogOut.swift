import Platform

/// Ends the session of an access token.
struct LogOut: CustomerOperation {
  let session: Session.ID

  func perform(in auth: Auth) async throws {
    try await Sessions(redis: auth.redis).end(session)
  }
}
