import Contracts
import Platform

/// Creates an account for a proved address and announces it.
struct CreateAccount: Operation {
  let email: EmailAddress
  let passwordHash: String

  func perform(in auth: InTransaction<Auth>) async throws -> Account.ID {
    let account: Account.ID = auth.ids.next()
    let now = auth.clock.now
    let inserted = try await auth.process(
      Account.Insert(
        id: account,
        email: email.text,
        passwordHash: passwordHash,
        createdAt: now
      )
    )
    guard inserted == 1 else { throw AuthError.wrongCode }
    try await auth.publish(AccountRegistered(account: account, registeredAt: now))
    return account
  }
}
