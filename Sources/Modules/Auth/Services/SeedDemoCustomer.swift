package import Platform
import Tokens

/// Registers the first customer of the demo data, or sees to it that the account of that address
/// has the password; the account.
package struct SeedDemoCustomer: Operation {
  let email: EmailAddress
  let password: NewPassword

  /// Throws the field that is wrong.
  package init(email: String, password: String) throws {
    self.email = try EmailAddress(email)
    self.password = try NewPassword(password)
  }

  package func perform(in auth: Auth) async throws -> Account.ID {
    if let row = try await auth.process(Account.FindByEmail(email: email.text)) {
      if try await !auth.passwords.verify(password.text, against: row.passwordHash) {
        try await auth.process(
          DemoData.ReplacePasswordHash(passwordHash: try await auth.hash(password.text), id: row.id)
        )
      }
      return row.id
    }
    // The code that would have been mailed: registration is the real one.
    let code = RegistrationCode(randomBytes: auth.ids.randomBytes(4))
    try await RegistrationCodes(redis: auth.redis).store(code, for: email)
    return try await auth.process(RegisterAccount(email: email, code: code, password: password))
      .account
  }
}
