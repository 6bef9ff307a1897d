package import Platform

/// What other modules may ask about accounts. Auth answers; Server wires it in.
package protocol AccountDirectory: Sendable {
  /// The account's standing, or nil when there is no such account.
  func standing(of account: Account.ID, in database: DatabaseProcessor) async throws
    -> AccountStanding?

  /// The address to which the account's mail goes, or nil when there is no such account.
  func email(of account: Account.ID, in database: DatabaseProcessor) async throws -> String?
}

/// How an account stands.
package struct AccountStanding: Sendable, Hashable {
  package let isBanned: Bool

  package init(isBanned: Bool) {
    self.isBanned = isBanned
  }
}
