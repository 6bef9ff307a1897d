import Platform
import Tokens

/// Logs an account in by its address and password.
struct LogIn: PublicOperation {
  static let limit: RateLimit? = .logInsOfClient

  let email: EmailAddress
  let password: TypedPassword

  func perform(in auth: Auth) async throws -> TokenPair {
    // Counted before the password is looked at, so that guesses side by side are all counted; a
    // log-in that succeeds is no guess.
    try await auth.gate.limits.take(.logInsOfAddress, email.text)
    let account = try await checkedAccount(in: auth)
    try await auth.gate.limits.giveBack(.logInsOfAddress, email.text)
    return try await auth.process(OpenSession(account: account))
  }

  private func checkedAccount(in auth: Auth) async throws -> Account.ID {
    do {
      guard let row = try await auth.process(Account.FindByEmail(email: email.text)) else {
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
      try await auth.process(
        Account.MarkLoggedIn(at: auth.clock.now, newHash: newHash, id: row.id)
      )
      return row.id
    } catch PasswordHasherError.overloaded {
      throw AuthError.busy
    }
  }
}
