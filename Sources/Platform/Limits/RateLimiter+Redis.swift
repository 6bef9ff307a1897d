import Crypto
import Logging
package import Redis
import Synchronization

/// Counts tries in Redis, for all workers together; while it is down, in this process.
package final class RateLimiter: Sendable {
  /// Of what is counted here: beyond it, everything is forgotten, which lets a few more tries
  /// through rather than filling the memory.
  static let maxLocalKeys = 10_000

  private let redis: RedisClient?
  private let clock: WallClock
  private let local = Mutex<[String: Instant]>([:])

  /// Without `redis` each process counts for itself.
  package init(redis: RedisClient?, clock: WallClock) {
    self.redis = redis
    self.clock = clock
  }

  /// Counts a try of `subject`, or throws `RateLimited`.
  package func take(_ limit: RateLimit, _ subject: String) async throws {
    let key = Self.key(limit, subject)
    let now = clock.now
    guard let redis else {
      if let wait = takeLocally(limit, key, at: now) { throw RateLimited(wait: wait) }
      return
    }
    let wait: Duration?
    do {
      let reply = try await redis.evaluate(
        Self.takeScript,
        keys: [key],
        arguments: [.integer(now.microseconds), .integer(limit.interval), .integer(limit.burst)]
      )
      wait = reply.integer.flatMap { $0 > 0 ? .microseconds($0) : nil }
    } catch is RedisError {
      wait = takeLocally(limit, key, at: now)
    }
    if let wait { throw RateLimited(wait: wait) }
  }

  /// Takes back an attempt that turned out not to be one.
  package func giveBack(_ limit: RateLimit, _ subject: String) async throws {
    let key = Self.key(limit, subject)
    guard let redis else { return local.withLock { limit.giveBack(&$0[key]) } }
    do {
      _ = try await redis.evaluate(
        Self.giveBackScript,
        keys: [key],
        arguments: [.integer(limit.interval)]
      )
    } catch is RedisError {
      local.withLock { limit.giveBack(&$0[key]) }
    }
  }

  private func takeLocally(_ limit: RateLimit, _ key: String, at now: Instant) -> Duration? {
    local.withLock { counted in
      if counted.count >= Self.maxLocalKeys, counted[key] == nil { counted = [:] }
      return limit.take(&counted[key], at: now)
    }
  }

  /// Subjects are hashed: a list of mail addresses has no place in Redis.
  private static func key(_ limit: RateLimit, _ subject: String) -> String {
    "\(limit.module):limit:\(limit.name):\(Array(SHA256.hash(data: Array(subject.utf8))).hexadecimal)"
  }

  /// `RateLimit.take`, at once for all workers; 0 or the microseconds to wait. Numbers of Lua are
  /// exact to 2^53, which is in the year 2255.
  private static let takeScript = RedisScript(
    """
    local now, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
    local used = tonumber(redis.call('GET', KEYS[1]) or now)
    if used < now then used = now end
    used = used + interval
    local wait = used - now - interval * burst
    if wait > 0 then return wait end
    redis.call('SET', KEYS[1], string.format('%.0f', used), 'PX', math.ceil((used - now) / 1000))
    return 0
    """
  )

  private static let giveBackScript = RedisScript(
    """
    local used = redis.call('GET', KEYS[1])
    if used then redis.call('SET', KEYS[1], string.format('%.0f', tonumber(used) - tonumber(ARGV[1])), 'KEEPTTL') end
    return 0
    """
  )
}
