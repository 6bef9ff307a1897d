import Crypto
import Platform
import Redis

/// The one-time codes that prove an address, kept in Redis as hashes until they are used or expire.
struct RegistrationCodes: Sendable {
  /// Mail sometimes takes minutes. A longer life would only help those who guess.
  static let lifetime = Duration.seconds(15 * 60)
  /// Six digits and this many tries: a guess succeeds once in 200,000 codes.
  static let maxTries: Int64 = 5

  let redis: RedisClient

  func store(_ code: RegistrationCode, for email: EmailAddress) async throws {
    _ = try await redis.delete([Self.triesKey(email)])
    _ = try await redis.set(Self.key(email), Self.digest(code, email), expiry: Self.lifetime)
  }

  /// Whether `code` belongs to the address; false when it is wrong, used, expired or was tried too
  /// often. Counts as an attempt.
  func check(_ code: RegistrationCode, for email: EmailAddress) async throws -> Bool {
    let tries = try await redis.increment(Self.triesKey(email))
    _ = try await redis.expire(Self.triesKey(email), after: Self.lifetime)
    guard tries <= Self.maxTries else { return false }
    return try await redis.get(Self.key(email)) == Self.digest(code, email)
  }

  /// Uses up a code that was checked; false when another call has used it in the meantime.
  func use(_ code: RegistrationCode, for email: EmailAddress) async throws -> Bool {
    try await redis.getAndDelete(Self.key(email)) == Self.digest(code, email)
  }

  private static func key(_ email: EmailAddress) -> String {
    "auth:registration:\(Array(SHA256.hash(data: Array(email.text.utf8))).hexadecimal)"
  }

  private static func triesKey(_ email: EmailAddress) -> String {
    key(email) + ":tries"
  }

  private static func digest(_ code: RegistrationCode, _ email: EmailAddress) -> [UInt8] {
    Array(SHA256.hash(data: Array("\(email.text)\n\(code.text)".utf8)))
  }
}
