import Contracts
import Platform
import Tokens

/// Mails a code that proves an address. The caller can't tell whether the address has an account,
/// neither from the answer nor from its timing: an address that has one gets a mail that says so.
struct SendRegistrationCode: Operation {
  let email: EmailAddress
  let language: LanguageTag

  func perform(in auth: Auth) async throws {
    try await auth.limitClient(.codesOfClient)
    try await auth.limits.take(.codesOfAddress, email.text)
    let isKnown = try await auth.database.process(Account.FindByEmail(email: email.text)) != nil
    let code = RegistrationCode(randomBytes: auth.ids.randomBytes(4))
    try await RegistrationCodes(redis: auth.redis).store(code, for: email)
    let mail = SendMail(
      to: email.text,
      template: isKnown ? "already_registered" : "registration_code",
      language: language.text,
      variables: isKnown ? [:] : ["code": code.text]
    )
    try await auth.transaction { _, transaction in try await transaction.publish(mail) }
  }
}

/// Creates an account for an address proved by its code, and logs it in.
struct RegisterAccount: Operation {
  let email: EmailAddress
  let code: RegistrationCode
  let password: NewPassword

  func perform(in auth: Auth) async throws -> TokenPair {
    try await auth.limitClient(.registrationsOfClient)
    let codes = RegistrationCodes(redis: auth.redis)
    guard try await codes.check(code, for: email) else { throw AuthError.wrongCode }
    // Before the code is used: a hasher that has too much to do must not cost the caller its code.
    let hash = try await auth.hash(password.text)
    guard try await codes.use(code, for: email) else { throw AuthError.wrongCode }
    let account: Account.ID = auth.ids.next()
    try await auth.transaction { auth, transaction in
      let now = auth.clock.now
      let inserted = try await transaction.process(
        Account.Insert(id: account, email: email.text, passwordHash: hash, createdAt: now)
      )
      guard inserted == 1 else { throw AuthError.wrongCode }
      try await transaction.publish(AccountRegistered(account: account, registeredAt: now))
    }
    return try await auth.process(OpenSession(account: account))
  }
}

/// Why a registration or log-in failed.
enum AuthError: String, DomainError {
  case wrongCode, wrongCredentials, banned, invalidToken, busy

  var kind: FailureKind {
    switch self {
    case .wrongCode: .failedPrecondition
    case .wrongCredentials, .invalidToken: .unauthenticated
    case .banned: .permissionDenied
    case .busy: .resourceExhausted
    }
  }
}

extension Auth {
  func hash(_ password: String) async throws -> String {
    do {
      return try await passwords.hash(password)
    } catch PasswordHasherError.overloaded {
      throw AuthError.busy
    }
  }
}

extension Auth {
  /// Counts an attempt by the caller.
  func limitClient(_ limit: RateLimit) async throws {
    guard let client = ClientNetwork.subject(of: RequestContext.current?.remoteAddress ?? "") else {
      return
    }
    try await limits.take(limit, client)
  }

  func giveBackToClient(_ limit: RateLimit) async throws {
    guard let client = ClientNetwork.subject(of: RequestContext.current?.remoteAddress ?? "") else {
      return
    }
    try await limits.giveBack(limit, client)
  }
}
