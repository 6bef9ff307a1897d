import Contracts
import Logging
import Platform
import Redis
import TestKit
import Testing
import Tokens
import WorldKit

@testable import Auth

@Suite struct CustomerTests {
  @Test func `a mailed code makes an account that can log in`() async throws {
    try await withAuth { world, auth async throws in
      let tokens = try await register("Anna@Example.org ", in: world, auth)
      #expect(try await auth.verifier(tokens.access).id == tokens.account)
      let again = try await auth.process(LogIn(email: EmailAddress("anna@example.org"), password: "correct horse"))
      #expect(again.account == tokens.account)
      #expect(try await world.published(AccountRegistered.self).map(\.account) == [tokens.account])
    }
  }

  @Test func `a wrong password and an unknown address fail alike`() async throws {
    try await withAuth { world, auth async throws in
      _ = try await register("anna@example.org", in: world, auth)
      await #expect(throws: AuthError.wrongCredentials) {
        try await auth.process(LogIn(email: EmailAddress("anna@example.org"), password: "wrong horse"))
      }
      await #expect(throws: AuthError.wrongCredentials) {
        try await auth.process(LogIn(email: EmailAddress("nobody@example.org"), password: "wrong horse"))
      }
    }
  }

  @Test func `a code can be tried five times`() async throws {
    try await withAuth { world, auth async throws in
      let email = try EmailAddress("anna@example.org")
      try await auth.process(SendRegistrationCode(email: email, language: "en"))
      let code = try #require(try await world.published(SendMail.self).last?.variables["code"])
      for _ in 0..<5 {
        await #expect(throws: AuthError.wrongCode) {
          try await auth.process(RegisterAccount(email: email, code: "wrong", password: NewPassword("correct horse")))
        }
      }
      await #expect(throws: AuthError.wrongCode) {
        try await auth.process(RegisterAccount(email: email, code: code, password: NewPassword("correct horse")))
      }
    }
  }

  @Test func `a refresh token that comes again ends its session`() async throws {
    try await withAuth { world, auth async throws in
      let first = try await register("anna@example.org", in: world, auth)
      let second = try await auth.process(RefreshSession(token: first.refresh))
      #expect(try await auth.verifier(second.access).id == first.account)
      await #expect(throws: AuthError.invalidToken) { try await auth.process(RefreshSession(token: first.refresh)) }
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verifier(second.access) }
    }
  }

  @Test func `logging out ends the session`() async throws {
    try await withAuth { world, auth async throws in
      let tokens = try await register("anna@example.org", in: world, auth)
      try await auth.process(LogOut(session: auth.verifier(tokens.access).session))
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verifier(tokens.access) }
    }
  }

  @Test func `a banned account can't log in, and the ban is announced once`() async throws {
    try await withAuth { world, auth async throws in
      let tokens = try await register("anna@example.org", in: world, auth)
      let admin = try await world.admin()
      try await auth.process(BanAccount(account: tokens.account), as: admin)
      try await auth.process(BanAccount(account: tokens.account), as: admin)
      await #expect(throws: AuthError.banned) {
        try await auth.process(LogIn(email: EmailAddress("anna@example.org"), password: "correct horse"))
      }
      #expect(try await world.published(AccountBanned.self).count == 1)
    }
  }

  @Test(arguments: [
    "", "anna", "anna@", "@example.org", "an na@example.org", "a@b@example.org", "anna@example", "anna@example.org\r\nBcc: x",
  ])
  func `a malformed address names its field`(text: String) {
    let error = #expect(throws: InvalidInput.self) { try EmailAddress(text) }
    #expect(error?.violations.map(\.field) == ["email"])
  }

  private func register(_ address: String, in world: World, _ auth: Auth) async throws -> TokenPair {
    let email = try EmailAddress(address)
    try await auth.process(SendRegistrationCode(email: email, language: "en"))
    let code = try #require(try await world.published(SendMail.self).last?.variables["code"])
    return try await auth.process(RegisterAccount(email: email, code: code, password: NewPassword("correct horse")))
  }

  private func withAuth(_ body: (World, Auth) async throws -> Void) async throws {
    try await withTestRedis { redis in
      try await withWorld { world async throws in
        let client = RedisClient(configuration: try RedisConfiguration(url: redis.url), logger: Logger(label: "test"))
        let key = try MasterKey(base64: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        let rows = Dictionary(uniqueKeysWithValues: Auth.adminOperations.map { ($0.permission, Set(Role.allCases)) })
        let auth = Auth(
          database: world.database, gate: AdminGate(permissions: PermissionTable(rows), audit: RecordingAuditLog()),
          clock: world.clock.clock, ids: world.ids, redis: client, passwords: PasswordHasher(),
          accessTokens: await TokenSigner(masterKey: key, purpose: .customerAccess, issuer: "test"),
          refreshTokens: await TokenSigner(masterKey: key, purpose: .customerRefresh, issuer: "test"))
        do {
          try await body(world, auth)
        } catch {
          await client.close()
          throw error
        }
        await client.close()
      }
    }
  }
}
