package import Platform

/// What every module kept of a person was erased: the account has no owner any more.
package struct AccountErased: Event {
  package static let name = "auth.account.deleted.v1"

  package let account: Account.ID

  package init(account: Account.ID) {
    self.account = account
  }
}
