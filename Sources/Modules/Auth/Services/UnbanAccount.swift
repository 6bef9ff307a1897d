import Contracts
import Platform

/// Lets a banned account in again.
struct UnbanAccount: AdminOperation {
  static let permission = Permission("auth.account.unban", .moderators)

  let account: Account.ID

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in auth: InTransaction<Auth>, as admin: Authorized<Self>) async throws {
    try await auth.setBanned(false, account, announcing: AccountUnbanned(account: account))
  }
}
