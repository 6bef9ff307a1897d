package import Platform

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
    try await auth.process(
      DemoData.InsertAccounts(
        accountIDs: accounts,
        emails: emails,
        created: createdAt,
        modelID: model
      )
    )
  }
}
