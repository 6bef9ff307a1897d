import Platform

/// Changes the password of a caller who knows the current one, and ends all other sessions.
struct ChangePassword: CustomerOperation {
  let customer: Customer
  let present: TypedPassword
  let new: String

  func perform(in auth: Auth) async throws {
    guard let row = try await auth.process(Account.FindPassword(id: customer.id)) else {
      throw NotFound("account")
    }
    let new = try NewPassword(new, for: EmailAddress(row.email), field: "new_password")
    // Someone who found an open session may guess no more often than someone who tries to log in.
    try await auth.gate.limits.take(.logInsOfAddress, row.email)
    guard try await auth.isPassword(present, row.passwordHash) else {
      throw AuthError.wrongCredentials
    }
    try await auth.gate.limits.giveBack(.logInsOfAddress, row.email)
    let hash = try await auth.hash(new.text)
    // No row: another call has changed the password in the meantime, so the given one is no longer
    // right.
    guard
      try await auth.process(
        Account.ReplacePassword(newHash: hash, id: customer.id, oldHash: row.passwordHash)
      ) == 1
    else {
      throw AuthError.wrongCredentials
    }
    try await auth.process(EndOtherSessions(account: customer.id, kept: customer.session))
  }
}
