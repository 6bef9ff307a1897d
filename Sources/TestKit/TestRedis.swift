import LocalServers
import Synchronization

/// A Redis database number of one test's own, empty at the start.
///
/// Each is used once: Redis has 4096, and what a test leaves dies with the process. Channels of
/// pub/sub know no database numbers, so tests that publish choose channel names of their own.
package struct TestRedis: Sendable {
  package let database: Int
  package let url: String

  package static func make() async throws -> TestRedis {
    let servers = try await TestServers.shared.redis()
    guard let url = servers.redisURL, let slash = url.lastIndex(of: "/") else {
      throw LocalServers.MissingServer.redis
    }
    let database = counter.wrappingAdd(1, ordering: .relaxed).newValue
    return TestRedis(database: database, url: url[...slash] + "\(database)")
  }

  private static let counter = Atomic(0)
}

/// Runs a test with a Redis database of its own.
package func withTestRedis<Result>(_ body: (TestRedis) async throws -> Result) async throws
  -> Result
{
  try await body(TestRedis.make())
}
