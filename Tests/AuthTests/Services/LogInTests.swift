import Contracts
import Platform
import Testing
import WorldKit

@testable import Auth

@Suite struct LogInTests {
  @Test func `the right password logs in`() async throws {
    try await withAuth { auth async throws in
      let account = try await auth.register().account
      let tokens = try await auth.logIn()
      #expect(tokens.account == account)
      #expect(try await auth.verify(tokens).id == account)
      #expect(
        try await auth.world.number(
          "SELECT count(*) FROM auth.accounts WHERE last_login_at IS NOT NULL"
        ) == 1
      )
    }
  }

  @Test func `a wrong password and an unknown address are refused alike`() async throws {
    try await withAuth { auth async throws in
      await #expect(throws: AuthError.wrongCredentials) { try await auth.logIn() }
      _ = try await auth.register()
      await #expect(throws: AuthError.wrongCredentials) {
        try await auth.logIn(password: "wrong horse")
      }
    }
  }

  @Test func `a token that isn't one is refused`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      for token in ["", "x", tokens.refresh, tokens.access + "x"] {
        await #expect(throws: Unauthenticated("INVALID_ACCESS_TOKEN")) {
          try await auth.auth.verifier(token)
        }
      }
      await #expect(throws: AuthError.invalidToken) {
        try await auth.auth.process(RefreshSession(token: tokens.access))
      }
    }
  }

  @Test func `an access token ends with its time`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      #expect(tokens.accessExpiresAt == World.noon + .seconds(TokenPair.accessLifetime))
      // A minute more for clocks that differ.
      auth.world.clock.advance(by: .seconds(TokenPair.accessLifetime + 61))
      await #expect(throws: Unauthenticated("INVALID_ACCESS_TOKEN")) {
        try await auth.verify(tokens)
      }
      #expect(try await auth.verify(auth.refresh(tokens)).id == tokens.account)
    }
  }

  @Test func `a refresh gives new tokens for the same session`() async throws {
    try await withAuth { auth async throws in
      let first = try await auth.register()
      let second = try await auth.refresh(first)
      #expect(second.refresh != first.refresh)
      #expect(try await auth.verify(second) == auth.verify(first))
      _ = try await auth.refresh(second)
    }
  }

  @Test func `a refresh token that comes again ends the session`() async throws {
    try await withAuth { auth async throws in
      let first = try await auth.register()
      let second = try await auth.refresh(first)
      await #expect(throws: AuthError.invalidToken) { try await auth.refresh(first) }
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(second) }
      await #expect(throws: AuthError.invalidToken) { try await auth.refresh(second) }
    }
  }

  @Test func `of twenty refreshes with one token one succeeds, and the session ends`() async throws
  {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      let results = await race(20) { try await auth.refresh(tokens) }
      #expect(results.succeeded.count == 1)
      #expect(results.failed.allSatisfy { $0 as? AuthError == .invalidToken })
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(tokens) }
    }
  }

  @Test func `a log-out ends its session and no other`() async throws {
    try await withAuth { auth async throws in
      let first = try await auth.register()
      let second = try await auth.logIn()
      let session = try await auth.verify(first).session
      try await auth.auth.process(LogOut(session: session))
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(first) }
      await #expect(throws: AuthError.invalidToken) { try await auth.refresh(first) }
      #expect(try await auth.verify(second).id == first.account)
    }
  }
}

@Suite struct ManageAccountsTests {
  @Test
  func `a banned account can't log in nor refresh, is announced once, and can be let in again`()
    async throws
  {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      let admin = try await auth.world.admin()
      try await auth.auth.process(BanAccount(account: tokens.account), as: admin)
      try await auth.auth.process(BanAccount(account: tokens.account), as: admin)
      await #expect(throws: AuthError.banned) { try await auth.logIn() }
      await #expect(throws: AuthError.wrongCredentials) {
        try await auth.logIn(password: "wrong horse")
      }
      await #expect(throws: AuthError.banned) { try await auth.refresh(tokens) }
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(tokens) }
      #expect(try await auth.world.published(AccountBanned.self).map(\.account) == [tokens.account])
      let standing = try await DatabaseAccountDirectory().standing(
        of: tokens.account,
        in: auth.world.database
      )
      #expect(standing?.isBanned == true)
      try await auth.auth.process(UnbanAccount(account: tokens.account), as: admin)
      _ = try await auth.logIn()
      #expect(auth.audit.entries.map(\.outcome) == [.succeeded, .succeeded, .succeeded])
    }
  }

  @Test func `ending all sessions of an account ends each of them`() async throws {
    try await withAuth { auth async throws in
      let sessions = [try await auth.register(), try await auth.logIn()]
      let refreshed = try await auth.refresh(sessions[1])
      try await Sessions(redis: auth.auth.redis).endAll(of: sessions[0].account)
      for tokens in sessions + [refreshed] {
        await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(tokens) }
      }
    }
  }

  @Test func `an account that doesn't exist can't be banned`() async throws {
    try await withAuth { auth async throws in
      let admin = try await auth.world.admin()
      await #expect(throws: NotFound("account")) {
        try await auth.auth.process(BanAccount(account: auth.world.ids.next()), as: admin)
      }
      #expect(auth.audit.entries.map(\.outcome) == [.failed])
    }
  }

  @Test func `accounts are listed newest first, page by page, and found by address`() async throws {
    try await withAuth { auth async throws in
      var accounts: [Account.ID] = []
      for name in ["a", "b", "c"] {
        accounts.insert(try await auth.register(EmailAddress("\(name)@example.org")).account, at: 0)
        auth.world.clock.advance(by: .seconds(1))
      }
      let admin = try await auth.world.admin()
      let first = try await auth.auth.process(
        ListAccounts(email: nil, page: PageRequest(size: 2)),
        as: admin
      )
      #expect(first.items.map(\.id) == Array(accounts.prefix(2)))
      let second = try await auth.auth.process(
        ListAccounts(email: nil, page: PageRequest(size: 2, token: first.nextToken)),
        as: admin
      )
      #expect(second.items.map(\.id) == [accounts[2]])
      #expect(second.nextToken == "")
      let found = try await auth.auth.process(
        ListAccounts(email: EmailAddress("B@example.org"), page: PageRequest()),
        as: admin
      )
      #expect(found.items.map(\.id) == [accounts[1]])
    }
  }
}
