package import Platform
import Tokens

/// How many customers there are.
package struct DemoAccountCounts: Hashable, Sendable {
  /// Whether there is demo data.
  package let hasDemo: Bool
  /// Those that `SeedDemoAccounts` made.
  package let demo: Int
  /// Those that are no demo data.
  package let others: Int
}

/// Counts the customers that are demo data, and those that are not.
package struct CountDemoData: Operation {
  let email: String

  /// `email` is the address of the first customer of the demo data.
  package init(email: String) {
    self.email = email
  }

  package func perform(in auth: Auth) async throws -> DemoAccountCounts {
    let counts = try await auth.database.process(DemoData.CountAccounts(first: email))
    return DemoAccountCounts(
      hasDemo: counts.first > 0,
      demo: Int(counts.more),
      others: Int(counts.others)
    )
  }
}

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
    if let row = try await auth.database.process(Account.FindByEmail(email: email.text)) {
      if try await !auth.passwords.verify(password.text, against: row.passwordHash) {
        try await auth.database.process(
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

/// Makes customers without their mail, many at once. They share a password, so that one is hashed;
/// nothing is published.
package struct SeedDemoAccounts: Operation {
  let accounts: [Account.ID]
  let createdAt: [Instant]
  let first: Int
  let model: Account.ID

  /// Numbers their addresses from `first` on; `model` is the account whose password they share.
  package init(
    _ accounts: [Account.ID],
    createdAt: [Instant],
    numberedFrom first: Int,
    sharingPasswordOf model: Account.ID
  ) {
    self.accounts = accounts
    self.createdAt = createdAt
    self.first = first
    self.model = model
  }

  package func perform(in auth: Auth) async throws {
    let emails = accounts.indices.map { "customer\(first + $0)@demo.test" }
    try await auth.database.process(
      DemoData.InsertAccounts(
        accountIDs: accounts,
        emails: emails,
        created: createdAt,
        modelID: model
      )
    )
  }
}
