import Contracts
import Logging
import Platform
import Redis
import TestKit
import Testing
import WorldKit

@testable import Auth

@Suite struct RateLimitTests {
  private let limit = RateLimit(name: "test", burst: 3, period: .seconds(30))

  @Test func `a burst is allowed at once, then one try each interval`() {
    var used: Instant?
    for _ in 0..<3 { #expect(limit.take(&used, at: World.noon) == nil) }
    #expect(limit.take(&used, at: World.noon) == .seconds(10))
    #expect(limit.take(&used, at: World.noon + .seconds(9)) == .seconds(1))
    #expect(limit.take(&used, at: World.noon + .seconds(10)) == nil)
    #expect(limit.take(&used, at: World.noon + .seconds(10)) == .seconds(10))
    for _ in 0..<3 { #expect(limit.take(&used, at: World.noon + .seconds(100)) == nil) }
    #expect(limit.take(&used, at: World.noon + .seconds(100)) == .seconds(10))
  }

  @Test func `a try that is given back can be made again`() {
    var used: Instant?
    for _ in 0..<3 { _ = limit.take(&used, at: World.noon) }
    limit.giveBack(&used)
    #expect(limit.take(&used, at: World.noon) == nil)
    #expect(limit.take(&used, at: World.noon) != nil)
  }

  @Test func `Redis counts as the rule does, for each subject by itself`() async throws {
    try await withAuth { auth async throws in
      var used: Instant?
      for step in [0, 0, 0, 0, 9, 1, 0, 90, 0, 0, 0, 5, 5] {
        auth.world.clock.advance(by: .seconds(step))
        let expected = limit.take(&used, at: auth.auth.clock.now)
        do {
          try await auth.auth.limits.take(limit, "a")
          #expect(expected == nil)
        } catch let error as RateLimited {
          #expect(error.wait == expected)
        }
      }
      try await auth.auth.limits.take(limit, "b")
      limit.giveBack(&used)
      try await auth.auth.limits.giveBack(limit, "a")
      #expect((limit.take(&used, at: auth.auth.clock.now) == nil))
      try await auth.auth.limits.take(limit, "a")
    }
  }

  @Test func `of fifty tries side by side as many are allowed as the burst has`() async throws {
    try await withAuth { auth async throws in
      let results = await race(50) { try await auth.auth.limits.take(limit, "a") }
      #expect(results.succeeded.count == 3)
      #expect(results.failed.allSatisfy { $0 is RateLimited })
    }
  }

  @Test func `while Redis is down tries are counted in the process`() async throws {
    var configuration = try RedisConfiguration(url: "redis://127.0.0.1:1")
    configuration.commandTimeout = .milliseconds(50)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let redis = RedisClient(configuration: configuration, logger: logger)
    let limits = RateLimiter(redis: redis, clock: ManualClock(World.noon).clock)
    for _ in 0..<3 { try await limits.take(limit, "a") }
    await #expect(throws: RateLimited(wait: .seconds(10))) { try await limits.take(limit, "a") }
    try await limits.take(limit, "b")
    try await limits.giveBack(limit, "a")
    try await limits.take(limit, "a")
    await redis.close()
  }

  /// Runs `body` as a call from an address.
  private func from<R: Sendable>(_ address: String, _ body: () async throws -> R) async throws -> R
  {
    try await RequestContext.$current.withValue(
      RequestContext(requestID: "test", remoteAddress: address),
      operation: body
    )
  }

  @Test func `an address gets so many codes an hour, whoever asks, and has an account or not`()
    async throws
  {
    try await withAuth { auth async throws in
      _ = try await auth.register()
      for email in [auth.email, try EmailAddress("other@example.org")] {
        let left = RateLimit.codesOfAddress.burst - (email == auth.email ? 1 : 0)
        for index in 0..<left {
          try await from("192.0.2.\(index + 1)") {
            try await auth.auth.process(SendRegistrationCode(email: email, language: .english))
          }
        }
        await #expect(throws: RateLimited.self) {
          try await auth.auth.process(SendRegistrationCode(email: email, language: .english))
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
        try await from(address) { try await auth.auth.process(send) }
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
      auth.world.clock.advance(by: .microseconds(RateLimit.logInsOfAddress.interval))
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
}
