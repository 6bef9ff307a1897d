package import Logging
import ServiceLifecycle

/// A pool of connections to one database, and the statements that run on it.
///
/// It works from the moment it is made: connections are opened when calls need them. As a service
/// it shuts down in order; without one, `close()` does.
package final class PostgresClient: Sendable, Service {
  let pool: Pool

  package init(configuration: PostgresConfiguration, logger: Logger) {
    pool = Pool(configuration: configuration, logger: logger)
  }

  deinit { pool.close() }

  package var configuration: PostgresConfiguration { pool.configuration }

  /// How many connections there are and what they do.
  package var statistics: PostgresPoolStatistics { pool.statistics }

  /// Reports the pool's metrics until the service shuts down, then lets running calls end, for at
  /// most `drainTimeout`, and closes.
  package func run() async throws {
    await pool.reportUntilShutdown()
    await pool.drain()
  }

  /// Ends all connections. Calls that run or wait fail with `PostgresClientError.closed`.
  package func close() async { pool.close() }
}
