import Contracts
import Platform
import Testing
import WorldKit

@testable import Auth

@Suite struct RegisterTests {
  private func register(_ auth: AuthWorld, code: String) async throws -> TokenPair {
    try await auth.auth.process(
      RegisterAccount(
        email: auth.email,
        code: RegistrationCode(code),
        password: NewPassword(AuthWorld.password)
      ),
      as: Anyone()
    )
  }

  private func wrong(_ code: String) -> String {
    code == "000000" ? "000001" : "000000"
  }

  @Test func `a code of six digits is mailed to the address`() async throws {
    try await withAuth { auth async throws in
      let code = try #require(try await auth.sendCode())
      #expect(code.count == 6)
      #expect(code.allSatisfy { $0.isASCII && $0.isNumber })
      let mail = try #require(try await auth.world.published(SendMail.self).first)
      #expect(mail.to == "anna@example.org")
      #expect(mail.template == "registration_code")
      #expect(mail.language == "en")
    }
  }

  @Test func `who has the code gets an account, is logged in, and it is announced`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      #expect(try await auth.verify(tokens).id == tokens.account)
      #expect(
        try await auth.world.published(AccountRegistered.self).map(\.account) == [tokens.account]
      )
      #expect(
        try await auth.world.number(
          "SELECT count(*) FROM auth.accounts WHERE password_hash LIKE '$argon2id$%'"
        ) == 1
      )
    }
  }

  @Test func `a code is used once, also when twenty callers race`() async throws {
    try await withAuth { auth async throws in
      let code = try #require(try await auth.sendCode())
      let results = await race(20) { try await register(auth, code: code) }
      #expect(results.succeeded.count == 1)
      #expect(results.failed.allSatisfy { $0 as? AuthError == .wrongCode })
      #expect(try await auth.world.number("SELECT count(*) FROM auth.accounts") == 1)
    }
  }

  @Test func `after four wrong codes the right one still counts`() async throws {
    try await withAuth { auth async throws in
      let code = try #require(try await auth.sendCode())
      for _ in 0..<4 {
        await #expect(throws: AuthError.wrongCode) { try await register(auth, code: wrong(code)) }
      }
      _ = try await register(auth, code: code)
    }
  }

  @Test func `after five wrong codes the right one is refused, and a new one counts`() async throws
  {
    try await withAuth { auth async throws in
      let code = try #require(try await auth.sendCode())
      for _ in 0..<5 {
        await #expect(throws: AuthError.wrongCode) { try await register(auth, code: wrong(code)) }
      }
      await #expect(throws: AuthError.wrongCode) { try await register(auth, code: code) }
      let second = try #require(try await auth.sendCode())
      _ = try await register(auth, code: second)
    }
  }

  @Test func `a code is of use for its own address only`() async throws {
    try await withAuth { auth async throws in
      let other = try EmailAddress("other@example.org")
      let code = try #require(try await auth.sendCode(to: other))
      await #expect(throws: AuthError.wrongCode) { try await register(auth, code: code) }
    }
  }

  @Test
  func
    `an address that has an account gets a mail that says so, and the caller doesn't learn of it`()
    async throws
  {
    try await withAuth { auth async throws in
      _ = try await auth.register()
      #expect(try await auth.sendCode() == nil)
      let mails = try await auth.world.published(SendMail.self)
      #expect(mails.map(\.template) == ["registration_code", "already_registered"])
      #expect(mails.map(\.to) == ["anna@example.org", "anna@example.org"])
      #expect(mails.last?.variables == [:])
    }
  }
}
