package import AMQP
package import Logging
package import Platform
package import Postgres
package import Prometheus
package import Redis

/// What every worker of a process shares: its connections and clocks.
package struct Resources: Sendable {
  package let configuration: ServerConfiguration
  package let pool: PostgresClient
  package let redis: RedisClient
  package let broker: AMQPClient
  package let signal: OutboxSignal
  package let slots: HandlerSlots
  package let database: DatabaseProcessor
  package let clock: WallClock
  package let ids: IdentifierSource
  package let metrics: PrometheusRegistry
  package let logger: Logger

  package init(_ configuration: ServerConfiguration, metrics: PrometheusRegistry, logger: Logger) {
    self.configuration = configuration
    self.metrics = metrics
    self.logger = logger
    pool = PostgresClient(configuration: configuration.database, logger: logger)
    redis = RedisClient(configuration: configuration.redis, logger: logger)
    broker = AMQPClient(configuration: configuration.broker, logger: logger)
    signal = OutboxSignal(pool: pool)
    slots = HandlerSlots(poolSize: configuration.database.poolSize)
    database = DatabaseProcessor(pool: pool, signal: signal)
    clock = .system
    ids = IdentifierSource(clock: clock)
  }

  /// The round trips behind `/readyz`.
  package var readiness: Readiness {
    Readiness([
      .init("database") { [database] in try await database.ping() },
      .init("redis") { [redis] in try await redis.ping() },
      .init("rabbitmq") { [broker] in try await broker.ping() },
    ])
  }

  /// Closes every connection, for commands that don't run as a service.
  package func close() async {
    await broker.close()
    await redis.close()
    await pool.close()
  }
}
