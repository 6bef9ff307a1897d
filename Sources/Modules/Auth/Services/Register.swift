import Contracts
import Platform
import Tokens

/// Mails a code that proves an address. The answer is the same whether the address has an account or not.
struct SendRegistrationCode: Operation {
  let email: EmailAddress
  let language: String

  func perform(in auth: Auth) async throws {
    guard try await auth.database.process(FindAccountByEmail(email: email.text)) == nil else { return }
    let number = auth.ids.randomBytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } % 1_000_000
    let digits = String(number)
    let code = String(repeating: "0", count: 6 - digits.count) + digits
    try await RegistrationCodes(redis: auth.redis).store(code, for: email)
    try await auth.transaction { _, transaction in
      try await transaction.publish(
        SendMail(to: email.text, template: "registration_code", language: language, variables: ["code": code]))
    }
  }
}

/// Makes an account for an address that its code proves, and logs it in.
struct RegisterAccount: Operation {
  let email: EmailAddress
  let code: String
  let password: NewPassword

  func perform(in auth: Auth) async throws -> TokenPair {
    guard try await RegistrationCodes(redis: auth.redis).take(code, for: email) else { throw AuthError.wrongCode }
    let hash = try await auth.hash(password.text)
    let account: Account.ID = auth.ids.next()
    try await auth.transaction { auth, transaction in
      let now = auth.clock.now
      let inserted = try await transaction.process(InsertAccount(id: account, email: email.text, passwordHash: hash, createdAt: now))
      guard inserted == 1 else { throw AuthError.wrongCode }
      try await transaction.publish(AccountRegistered(account: account, registeredAt: now))
    }
    return try await auth.process(OpenSession(account: account))
  }
}

/// Why somebody could not get in.
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
