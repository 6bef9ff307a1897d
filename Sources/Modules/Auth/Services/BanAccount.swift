import Contracts
import Platform

/// Bans an account: it leaves every node, and its sessions end.
struct BanAccount: AdminOperation {
  static let permission = Permission("auth.account.ban", .moderators)

  let account: Account.ID

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in auth: InTransaction<Auth>, as admin: Authorized<Self>) async throws {
    try await auth.setBanned(true, account, announcing: AccountBanned(account: account))
    // `EndSessionsOfBanned` does the same should this worker die first.
    let sessions = Sessions(redis: auth.redis)
    auth.afterCommit { try await sessions.endAll(of: account) }
  }
}

extension InTransaction<Auth> {
  /// Bans an account or lets it in again, and publishes `event` if that changed anything. An erased
  /// account stays banned.
  func setBanned(
    _ isBanned: Bool,
    _ account: Account.ID,
    announcing event: some Event
  ) async throws {
    guard let row = try await process(Account.Lock(id: account)) else { throw NotFound("account") }
    guard isBanned || !row.isErased else { throw AccountError.erased }
    let changed = try await process(Account.SetBanned(isBanned: isBanned, id: account))
    if changed == 1 { try await publish(event) }
  }
}
