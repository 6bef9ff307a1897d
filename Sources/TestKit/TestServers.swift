package import LocalServers
import SystemPackage

/// The servers of this test process: each is started when the first test asks for it, shared by
/// all, and ended with the process.
///
/// Nothing stops them here. They end when the process does, in whatever way, and their directory
/// goes with them (``LocalServers``).
package final class TestServers: Sendable {
  package static let shared = TestServers()

  private let sharedPostgres = StartedOnce { try await TestServers.start([.postgres]) }
  private let sharedRedis = StartedOnce { try await TestServers.start([.redis]) }
  private let sharedRabbitMQ = StartedOnce {
    try await TestServers.start([.rabbitmq], virtualHosts: VirtualHosts.firstBatch)
  }

  private init() {}

  /// The shared PostgreSQL. Most tests want ``withTestDatabase(_:_:)``.
  package func postgres() async throws -> LocalServers { try await sharedPostgres.value }

  /// The shared Redis. Most tests want ``withTestRedis(_:)``.
  package func redis() async throws -> LocalServers { try await sharedRedis.value }

  /// The shared RabbitMQ, ready after 5 to 10 s. Most tests want ``withTestMessaging(_:)``.
  package func rabbitMQ() async throws -> LocalServers { try await sharedRabbitMQ.value }

  /// Servers of one test's own, in a new directory, for tests that stop, crash and restart them.
  package static func start(_ kinds: Set<LocalServers.Kind>, virtualHosts: [String] = [])
    async throws -> LocalServers
  {
    // Not under TMPDIR, which may be closed to the users that servers run as.
    let directory = FilePath(
      "/var/tmp/helium-test-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    )
    return try await LocalServers.start(
      LocalServers.Options(
        directory: directory,
        kinds: kinds,
        isDurable: false,
        removesDirectory: true,
        virtualHosts: virtualHosts
      )
    )
  }
}

/// Starts servers of a test's own and stops them after it.
package func withTestServers<Result>(
  _ kinds: Set<LocalServers.Kind>,
  _ body: (LocalServers) async throws -> Result
) async throws -> Result {
  let servers = try await TestServers.start(kinds)
  do {
    let result = try await body(servers)
    await servers.stop()
    return result
  } catch {
    await servers.stop()
    throw error
  }
}
