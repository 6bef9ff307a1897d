import Contracts
import Platform
import Testing
import WorldKit

@testable import Auth

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
      await #expect(throws: AuthError.invalidToken) { try await auth.refresh(tokens) }
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

  @Test func `a session that outlives the ban is ended when it is refreshed`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      // The ban commits, and its worker dies before it ends the sessions.
      _ = try await auth.auth.process(Account.SetBanned(isBanned: true, id: tokens.account))
      #expect(try await auth.verify(tokens).id == tokens.account)
      await #expect(throws: AuthError.banned) { try await auth.refresh(tokens) }
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(tokens) }
    }
  }

  @Test func `a ban that is rolled back ends no session`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      let admin = try await auth.world.admin()
      await #expect(throws: NotFound("account")) {
        try await auth.auth.transaction { auth in
          try await auth.process(BanAccount(account: tokens.account), as: admin)
          throw NotFound("account")
        }
      }
      #expect(try await auth.verify(tokens).id == tokens.account)
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
