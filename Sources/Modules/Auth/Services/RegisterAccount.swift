import Platform

/// Creates an account for an address proved by its code, and logs it in.
struct RegisterAccount: PublicOperation {
  static let limit: RateLimit? = .registrationsOfClient

  let email: EmailAddress
  let code: RegistrationCode
  let password: NewPassword

  func perform(in auth: Auth) async throws -> TokenPair {
    let codes = RegistrationCodes(redis: auth.redis)
    guard try await codes.check(code, for: email) else { throw AuthError.wrongCode }
    // Before the code is used: a hasher that has too much to do must not cost the caller its code.
    let hash = try await auth.hash(password.text)
    guard try await codes.use(code, for: email) else { throw AuthError.wrongCode }
    let account = try await auth.process(CreateAccount(email: email, passwordHash: hash))
    return try await auth.process(OpenSession(account: account))
  }
}
