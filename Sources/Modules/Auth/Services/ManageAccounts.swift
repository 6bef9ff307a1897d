import Contracts
import Platform

/// The accounts, the newest first; a filter that is nil lets every account through.
struct ListAccounts: AdminOperation {
  static let permission = Permission("auth.account.list")

  let email: EmailAddress?
  var isBanned: Bool?
  let page: PageRequest

  var target: AuditTarget { AuditTarget("account", "") }

  func perform(in auth: Auth, as admin: Authorized<Self>) async throws -> Page<Account.Row> {
    let rows = try await auth.database.process(
      Account.Search(
        before: try page.cursor(),
        withEmail: email?.text,
        banned: isBanned,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows, page) { $0.id }
  }
}

/// Bans an account: it leaves every node, and its sessions end.
struct BanAccount: AdminOperation {
  static let permission = Permission("auth.account.ban")

  let account: Account.ID

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in auth: Auth, as admin: Authorized<Self>) async throws {
    try await auth.setBanned(true, account, announcing: AccountBanned(account: account))
  }
}

/// Lets a banned account in again.
struct UnbanAccount: AdminOperation {
  static let permission = Permission("auth.account.unban")

  let account: Account.ID

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in auth: Auth, as admin: Authorized<Self>) async throws {
    try await auth.setBanned(false, account, announcing: AccountUnbanned(account: account))
  }
}

extension Auth {
  fileprivate func setBanned(_ isBanned: Bool, _ account: Account.ID, announcing event: some Event)
    async throws
  {
    try await transaction { auth, transaction in
      guard try await transaction.process(Account.Find(id: account)) != nil else {
        throw NotFound("account")
      }
      let changed = try await transaction.process(
        Account.SetBanned(isBanned: isBanned, id: account)
      )
      if changed == 1 { try await transaction.publish(event) }
    }
  }
}
