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
        try await auth.auth.process(RefreshSession(token: tokens.access), as: Anyone())
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
      let customer = try await auth.verify(first)
      try await auth.auth.process(LogOut(session: customer.session), as: customer)
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(first) }
      await #expect(throws: AuthError.invalidToken) { try await auth.refresh(first) }
      #expect(try await auth.verify(second).id == first.account)
    }
  }
}
