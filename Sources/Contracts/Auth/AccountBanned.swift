package import Platform

/// An account was banned: its sessions are ended, and it must leave every node.
package struct AccountBanned: Event {
  package static let name = "auth.account.banned.v1"

  package let account: Account.ID

  package init(account: Account.ID) {
    self.account = account
  }
}

/// An account may use the service again.
package struct AccountUnbanned: Event {
  package static let name = "auth.account.unbanned.v1"

  package let account: Account.ID

  package init(account: Account.ID) {
    self.account = account
  }
}
