import Manifest
import Platform

/// Deletes what names an account's owner, in all modules at once. Invoices and ledgers stay.
///
/// Mails that are already queued for the mailer keep their address until they are sent or given up,
/// and the mailer's log keeps that of mails it starts afterwards until it is pruned.
struct EraseAccount: AdminOperation {
  static let permission = Permission("manage.account.erase", .superAdmins)

  let account: Account.ID

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in manage: InTransaction<Manage>, as admin: Authorized<Self>) async throws {
    // In reverse, so that Auth comes last: it overwrites the address by which others find theirs.
    for (_, part) in try await manage.module.parts(of: account).reversed() {
      try await part.erase(account, in: manage.transaction)
    }
  }
}
