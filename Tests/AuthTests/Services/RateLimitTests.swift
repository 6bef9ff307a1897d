import Platform
import Testing
import WorldKit

@testable import Auth

@Suite struct RateLimitTests {
  @Test func `an address gets so many codes an hour, whoever asks, and has an account or not`()
    async throws
  {
    try await withAuth { auth async throws in
      _ = try await auth.register()
      for email in [auth.email, try EmailAddress("other@example.org")] {
        let left = RateLimit.codesOfAddress.burst - (email == auth.email ? 1 : 0)
        for index in 0..<left {
          _ = try await auth.call(from: "192.0.2.\(index + 1)") {
            try await auth.sendCode(to: email)
          }
        }
        await #expect(throws: RateLimited.self) {
          try await auth.sendCode(to: email)
        }
      }
      auth.world.clock.advance(by: RateLimit.codesOfAddress.period)
      _ = try await auth.sendCode()
    }
  }

  @Test func `a client asks for so many codes an hour, and another one isn't held up`() async throws
  {
    try await withAuth { auth async throws in
      func ask(_ name: String, from address: String) async throws {
        let send = SendRegistrationCode(
          email: try EmailAddress("\(name)@example.org"),
          language: .english
        )
        try await auth.call(from: address) { try await auth.auth.process(send, as: Anyone()) }
      }
      for index in 0..<RateLimit.codesOfClient.burst {
        try await ask("user\(index)", from: "2001:db8::\(index)")
      }
      await #expect(throws: RateLimited.self) { try await ask("late", from: "2001:db8::ffff") }
      try await ask("late", from: "2001:db8:0:1::1")
    }
  }

  @Test
  func
    `failed log-ins are limited, then the right password is refused too, and log-ins that succeed don't count`()
    async throws
  {
    try await withAuth { auth async throws in
      _ = try await auth.register()
      for _ in 0..<(RateLimit.logInsOfAddress.burst + 2) { _ = try await auth.logIn() }
      for _ in 0..<RateLimit.logInsOfAddress.burst {
        await #expect(throws: AuthError.wrongCredentials) {
          try await auth.logIn(password: "wrong horse")
        }
      }
      await #expect(throws: RateLimited.self) { try await auth.logIn() }
      auth.world.clock.advance(
        by: RateLimit.logInsOfAddress.period / Int(RateLimit.logInsOfAddress.burst)
      )
      _ = try await auth.logIn()
    }
  }

  @Test func `an unknown address is limited like a known one`() async throws {
    try await withAuth { auth async throws in
      for _ in 0..<RateLimit.logInsOfAddress.burst {
        await #expect(throws: AuthError.wrongCredentials) { try await auth.logIn() }
      }
      await #expect(throws: RateLimited.self) { try await auth.logIn() }
    }
  }

  @Test
  func
    `a client's failed log-ins are limited whatever the address, and those that succeed don't count`()
    async throws
  {
    try await withAuth { auth async throws in
      _ = try await auth.register()
      let client = "192.0.2.7"
      for _ in 1..<RateLimit.logInsOfClient.burst {
        try await auth.auth.gate.limits.take(.logInsOfClient, client)
      }
      try await auth.call(from: client) {
        for _ in 0..<2 { _ = try await auth.logIn() }
        let guess = LogIn(
          email: try EmailAddress("other@example.org"),
          password: try TypedPassword(AuthWorld.password)
        )
        await #expect(throws: AuthError.wrongCredentials) {
          try await auth.auth.process(guess, as: Anyone())
        }
        await #expect(throws: RateLimited.self) { try await auth.logIn() }
      }
      _ = try await auth.call(from: "192.0.2.8") { try await auth.logIn() }
    }
  }

  @Test func `a client tries so many codes an hour, whatever the address`() async throws {
    try await withAuth { auth async throws in
      func guess(_ number: Int64, from client: String) async throws {
        let register = RegisterAccount(
          email: try EmailAddress("user\(number)@example.org"),
          code: try RegistrationCode("123456"),
          password: try NewPassword(AuthWorld.password)
        )
        _ = try await auth.call(from: client) {
          try await auth.auth.process(register, as: Anyone())
        }
      }
      for number in 0..<RateLimit.registrationsOfClient.burst {
        await #expect(throws: AuthError.wrongCode) { try await guess(number, from: "192.0.2.7") }
      }
      await #expect(throws: RateLimited.self) { try await guess(0, from: "192.0.2.7") }
      await #expect(throws: AuthError.wrongCode) { try await guess(0, from: "192.0.2.8") }
    }
  }
}
