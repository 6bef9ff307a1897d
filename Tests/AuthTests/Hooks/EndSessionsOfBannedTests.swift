import Contracts
import Platform
import Redis
import Testing
import WorldKit

@testable import Auth

@Suite struct EndSessionsOfBannedTests {
  @Test func `sessions end also when the worker that banned the account died before it ended them`()
    async throws
  {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      // The ban commits; ending the sessions is what `BanAccount` would have done next.
      _ = try await auth.auth.process(Account.SetBanned(isBanned: true, id: tokens.account))
      #expect(try await auth.verify(tokens).id == tokens.account)
      try await auth.auth.transaction { auth in
        try await EndSessionsOfBanned().handle(AccountBanned(account: tokens.account), in: auth)
      }
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(tokens) }
    }
  }

  @Test func `an account that was let in again keeps its sessions`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      try await auth.auth.transaction { auth in
        try await EndSessionsOfBanned().handle(AccountBanned(account: tokens.account), in: auth)
      }
      #expect(try await auth.verify(tokens).id == tokens.account)
    }
  }

  @Test func `a session that is opened while the account is banned isn't left open`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      try await auth.auth.process(BanAccount(account: tokens.account), as: auth.world.admin())
      let sessions = try await auth.auth.redis.setMembers("auth:sessions:\(tokens.account)").count
      await #expect(throws: AuthError.banned) {
        try await auth.auth.process(OpenSession(account: tokens.account))
      }
      let opened = try await auth.auth.redis.setMembers("auth:sessions:\(tokens.account)")
      #expect(opened.count == sessions + 1)
      var living = 0
      for id in opened {
        guard let id = Session.ID(String(decoding: id, as: UTF8.self)) else { continue }
        if try await Sessions(redis: auth.auth.redis).find(id) != nil { living += 1 }
      }
      #expect(living == sessions)
    }
  }
}
