import Contracts
import FoundationEssentials
import Manifest
import Platform
import Testing
import Tokens
import WorldKit

@testable import Auth

@Suite struct AuthAccountPartTests {
  private func facts(_ auth: AuthWorld, _ account: Account.ID) async throws -> [String: String] {
    let part = try #require(auth.auth.accountPart)
    let facts = try await part.facts(of: account, in: auth.world.database)
    return Dictionary(uniqueKeysWithValues: facts.map { ($0.name, $0.value) })
  }

  private func erase(_ auth: AuthWorld, _ account: Account.ID) async throws {
    let part = try #require(auth.auth.accountPart)
    try await auth.world.database.transaction { try await part.erase(account, in: $0) }
  }

  private struct Export: Decodable, Equatable {
    var email: String?
    var createTime: String?
    var lastLoginTime: String?
    var isBanned: Bool?
    var sessions: [Session]

    enum CodingKeys: String, CodingKey {
      case email, sessions
      case createTime = "create_time"
      case lastLoginTime = "last_login_time"
      case isBanned = "is_banned"
    }

    struct Session: Decodable, Equatable {
      var openTime: String?
      var refreshTime: String?
      var remoteAddress: String?
      var userAgent: String?

      enum CodingKeys: String, CodingKey {
        case openTime = "open_time"
        case refreshTime = "refresh_time"
        case remoteAddress = "remote_address"
        case userAgent = "user_agent"
      }
    }
  }

  @Test func `an operator sees address, registration, last log-in and ban of an account`()
    async throws
  {
    try await withAuth { auth async throws in
      let account = try await auth.register().account
      #expect(
        try await facts(auth, account) == [
          "auth.email": "anna@example.org", "auth.registered": "2026-01-15T12:00:00Z",
          "auth.last_log_in": "never", "auth.banned": "no",
        ]
      )
      auth.world.clock.advance(by: .seconds(90))
      _ = try await auth.logIn()
      try await auth.auth.process(BanAccount(account: account), as: auth.world.admin())
      let later = try await facts(auth, account)
      #expect(later["auth.last_log_in"] == "2026-01-15T12:01:30Z")
      #expect(later["auth.banned"] == "yes")
    }
  }

  @Test func `there are no facts about an account that doesn't exist`() async throws {
    try await withAuth { auth async throws in
      _ = try await auth.register()
      #expect(try await facts(auth, auth.world.ids.next()) == [:])
    }
  }

  @Test func `the export has all of the account and its sessions, and no secret`() async throws {
    try await withAuth { auth async throws in
      _ = try await auth.register(EmailAddress("other@example.org"))
      let account = try await auth.call(from: "192.0.2.7") { try await auth.register() }.account
      auth.world.clock.advance(by: .seconds(60))
      _ = try await auth.call(from: "192.0.2.8") { try await auth.logIn() }
      let part = try #require(auth.auth.accountPart)
      let bytes = try await part.export(account, in: auth.world.database)
      let (noon, later) = ("2026-01-15T12:00:00Z", "2026-01-15T12:01:00Z")
      let expected = Export(
        email: "anna@example.org",
        createTime: noon,
        lastLoginTime: later,
        isBanned: false,
        sessions: [
          .init(openTime: later, refreshTime: later, remoteAddress: "192.0.2.8", userAgent: ""),
          .init(openTime: noon, refreshTime: noon, remoteAddress: "192.0.2.7", userAgent: ""),
        ]
      )
      #expect(try JSON.decode(Export.self, from: bytes) == expected)
      let text = String(decoding: bytes, as: UTF8.self)
      let sessions = try await Sessions(redis: auth.auth.redis).all(of: account)
      for secret in ["argon2"] + sessions.map({ "\($0.session.refreshIdentifier)" }) {
        #expect(!text.lowercased().contains(secret.lowercased()))
      }
    }
  }

  @Test func `of an erased account a row stays that names nobody and that no password opens`()
    async throws
  {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      let other = try await auth.register(EmailAddress("other@example.org"))
      try await erase(auth, tokens.account)
      let row = try #require(try await auth.auth.process(Account.Find(id: tokens.account)))
      #expect(row.email == "erased-\(tokens.account)@invalid")
      #expect(row.isBanned)
      #expect(row.createdAt == World.noon)
      let hash = try #require(try await auth.auth.process(Account.FindPassword(id: tokens.account)))
        .passwordHash
      for password in [AuthWorld.password, ""] {
        #expect(try await !auth.auth.passwords.verify(password, against: hash))
      }
      await #expect(throws: AuthError.wrongCredentials) { try await auth.logIn() }
      #expect(try await auth.verify(other).id == other.account)
      #expect(try await facts(auth, other.account)["auth.email"] == "other@example.org")
    }
  }

  @Test func `the sessions of an erased account end, and its nodes learn of it`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      try await erase(auth, tokens.account)
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(tokens) }
      await #expect(throws: AuthError.invalidToken) { try await auth.refresh(tokens) }
      #expect(try await Sessions(redis: auth.auth.redis).all(of: tokens.account).isEmpty)
      #expect(try await auth.world.published(AccountBanned.self).map(\.account) == [tokens.account])
    }
  }

  @Test func `an account that is erased twice is announced once`() async throws {
    try await withAuth { auth async throws in
      let account = try await auth.register().account
      let directory = DatabaseAccountDirectory()
      #expect(
        try await directory.email(of: account, in: auth.world.database) == "anna@example.org"
      )
      try await erase(auth, account)
      try await erase(auth, account)
      #expect(try await auth.world.published(AccountErased.self).map(\.account) == [account])
      #expect(try await auth.world.published(AccountBanned.self).map(\.account) == [account])
    }
  }

  @Test func `an erased account can't be let in again`() async throws {
    try await withAuth { auth async throws in
      let account = try await auth.register().account
      let admin = try await auth.world.admin()
      try await erase(auth, account)
      let error = await #expect(throws: AccountError.self) {
        try await auth.auth.process(UnbanAccount(account: account), as: admin)
      }
      #expect(error?.kind == .failedPrecondition)
      #expect(error?.reason == "ACCOUNT_ERASED")
      let row = try #require(try await auth.auth.process(Account.Find(id: account)))
      #expect(row.isErased && row.isBanned)
      try await auth.auth.process(BanAccount(account: account), as: admin)
      #expect(try await auth.world.published(AccountUnbanned.self).isEmpty)
    }
  }

  @Test func `an erasure that is rolled back changes nothing`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      let part = try #require(auth.auth.accountPart)
      await #expect(throws: NotFound("account")) {
        try await auth.world.database.transaction { transaction in
          try await part.erase(tokens.account, in: transaction)
          throw NotFound("account")
        }
      }
      #expect(try await auth.verify(tokens).id == tokens.account)
      #expect(try await auth.logIn().account == tokens.account)
    }
  }

  @Test func `an address can be registered again once its account was erased`() async throws {
    try await withAuth { auth async throws in
      let first = try await auth.register().account
      try await erase(auth, first)
      let second = try await auth.register().account
      #expect(second != first)
      try await erase(auth, second)
      #expect(
        try await auth.world.number(
          "SELECT count(*) FROM auth.accounts WHERE email LIKE 'erased-%@invalid' AND is_banned"
        ) == 2
      )
    }
  }

  @Test func `erasing an account that doesn't exist announces nothing`() async throws {
    try await withAuth { auth async throws in
      try await erase(auth, auth.world.ids.next())
      #expect(try await auth.world.published().isEmpty)
    }
  }
}
