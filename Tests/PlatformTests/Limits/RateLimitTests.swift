import Logging
import Redis
import TestKit
import Testing
import WorldKit

@testable import Platform

@Suite struct RateLimitTests {
  private let limit = RateLimit("tally", "test", burst: 3, period: .seconds(30))

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
    try await withLimiter { limits, clock async throws in
      var used: Instant?
      for step in [0, 0, 0, 0, 9, 1, 0, 90, 0, 0, 0, 5, 5] {
        clock.advance(by: .seconds(step))
        let expected = limit.take(&used, at: clock.clock.now)
        do {
          try await limits.take(limit, "a")
          #expect(expected == nil)
        } catch let error as RateLimited {
          #expect(error.wait == expected)
        }
      }
      try await limits.take(limit, "b")
      limit.giveBack(&used)
      try await limits.giveBack(limit, "a")
      #expect((limit.take(&used, at: clock.clock.now) == nil))
      try await limits.take(limit, "a")
    }
  }

  @Test func `of fifty tries side by side as many are allowed as the burst has`() async throws {
    try await withLimiter { limits, _ async throws in
      let results = await race(50) { try await limits.take(limit, "a") }
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

  private func withLimiter(_ body: (RateLimiter, ManualClock) async throws -> Void) async throws {
    try await withTestRedis { server in
      var configuration = try RedisConfiguration(url: server.url)
      // A loaded machine must not fail a test.
      configuration.commandTimeout = .seconds(60)
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let redis = RedisClient(configuration: configuration, logger: logger)
      let clock = ManualClock(World.noon)
      do {
        try await body(RateLimiter(redis: redis, clock: clock.clock), clock)
      } catch {
        await redis.close()
        throw error
      }
      await redis.close()
    }
  }
}
