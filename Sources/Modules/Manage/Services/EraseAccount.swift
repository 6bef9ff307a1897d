import Contracts
import Manifest
import Platform

/// Deletes what names an account's owner, in all modules at once. Invoices and ledgers stay.
struct EraseAccount: AdminOperation {
  static let permission = Permission("manage.account.erase", .superAdmins)

  let account: Account.ID

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in manage: InTransaction<Manage>, as admin: Authorized<Self>) async throws {
    for (_, part) in try await manage.module.parts(of: account) {
      try await part.erase(account, in: manage.transaction)
    }
    try await manage.publish(AccountErased(account: account))
  }
}
