package import Platform

/// An account was made.
package struct AccountRegistered: Event {
  package static let name = "auth.account.registered.v1"

  package let account: Account.ID
  package let registeredAt: Instant

  package init(account: Account.ID, registeredAt: Instant) {
    self.account = account
    self.registeredAt = registeredAt
  }
}
