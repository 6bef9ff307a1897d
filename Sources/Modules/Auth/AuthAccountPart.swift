import Contracts
import FoundationEssentials
import Manifest
import Platform
import Redis
import Tokens

/// What Auth keeps of an account: its row in the database, and its sessions in Redis.
struct AuthAccountPart: AccountPart {
  let redis: RedisClient

  func facts(of account: Account.ID, in database: DatabaseProcessor) async throws -> [AccountFact] {
    guard let row = try await database.process(Account.Find(id: account)) else { return [] }
    return [
      AccountFact("auth.email", row.email),
      AccountFact("auth.registered", row.createdAt.iso8601),
      AccountFact("auth.last_log_in", row.lastLoginAt?.iso8601 ?? "never"),
      AccountFact("auth.banned", row.isBanned ? "yes" : "no"),
    ]
  }

  func export(_ account: Account.ID, in database: DatabaseProcessor) async throws -> [UInt8] {
    let row = try await database.process(Account.Find(id: account))
    let sessions = try await Sessions(redis: redis).all(of: account)
    return try AccountDocument.encode(
      AccountExport(
        email: row?.email,
        createTime: row?.createdAt.iso8601,
        lastLoginTime: row?.lastLoginAt?.iso8601,
        isBanned: row?.isBanned,
        sessions: sessions.map { .init($0.session) }
      )
    )
  }

  /// Leaves a row that names nobody, because orders refer to it. Nobody can log in to it again.
  /// Erasing it a second time changes and announces nothing.
  func erase(_ account: Account.ID, in transaction: Transaction) async throws {
    guard let row = try await transaction.process(Account.Lock(id: account)), !row.isErased else {
      return
    }
    _ = try await transaction.process(
      Account.Erase(passwordHash: PasswordHasher.hashOfNobody, id: account)
    )
    // `EndSessionsOfBanned` ends the sessions if the worker dies before the effect below.
    try await transaction.publish(AccountBanned(account: account))
    try await transaction.publish(AccountErased(account: account))
    let sessions = Sessions(redis: redis)
    transaction.afterCommit { try await sessions.endAll(of: account) }
  }
}

/// What the owner of an account gets. Times are in UTC, as ISO 8601 spells them.
private struct AccountExport: Encodable {
  let email: String?
  let createTime: String?
  let lastLoginTime: String?
  let isBanned: Bool?
  let sessions: [Session]

  struct Session: Encodable {
    let openTime: String?
    let refreshTime: String?
    let remoteAddress: String?
    let userAgent: String?

    init(_ session: LoginSession) {
      openTime = session.openedAt?.iso8601
      refreshTime = session.refreshedAt?.iso8601
      remoteAddress = session.remoteAddress
      userAgent = session.userAgent
    }
  }
}
