package import AMQP
package import Configuration
package import HTTPEdge
package import Logging
package import Platform
package import Postgres
package import Redis
package import Tokens

/// A worker's configuration from the environment. Everything else is a run-time setting.
package struct ServerConfiguration: Sendable {
  package var mode: WorkMode
  package var database: PostgresConfiguration
  package var redis: RedisConfiguration
  package var broker: AMQPConfiguration
  package var healthPort: Int
  package var healthHost: String
  package var grpcListen: ListenAddress
  package var subscribeListen: ListenAddress
  package var webhookListen: ListenAddress
  package var nodeListen: ListenAddress
  package var tls: TLSFiles?
  package var tenant: String
  package var logLevel: Logger.Level
  package var logFormat: LogFormat
  package var grace: Duration
  package var trustedProxies: TrustedProxies
  package var masterKey: MasterKey
  /// The mail server while the settings name none. Its password then stays out of the database.
  package var smtpURL: String?
  /// Debug builds only: where to die, see `FaultPoint`.
  package var fault: String?

  package struct TLSFiles: Sendable, Hashable {
    package let certificate: String
    package let key: String
  }

  package enum LogFormat: String, Sendable, CaseIterable {
    case json, text
  }

  /// A worker that hasn't finished by then is ended, since orchestrators kill after 30 s.
  static let usualGraceSeconds = 25
  static let usualPoolSize = 10
  static let usualHealthPort = 9_090

  /// Reads the environment, or names everything that is wrong with it.
  package init(_ environment: ConfigReader, mode override: WorkMode? = nil) throws {
    var reader = EnvironmentReader(environment)
    mode = override ?? reader.choice("WORK_MODE", of: WorkMode.self, required: true) ?? .all
    let databaseURL = reader.required(
      "DATABASE_URL",
      example: "postgres://helium:secret@127.0.0.1:5432/helium"
    )
    let redisURL = reader.required("REDIS_URL", example: "redis://127.0.0.1:6379")
    let brokerURL = reader.required("MQ_URL", example: "amqp://helium:secret@127.0.0.1:5672/")
    var database: PostgresConfiguration? = reader.parsed(
      "DATABASE_URL",
      databaseURL,
      example: "postgres://helium:secret@127.0.0.1:5432/helium"
    ) {
      try PostgresConfiguration(url: $0)
    }
    var redis: RedisConfiguration? = reader.parsed(
      "REDIS_URL",
      redisURL,
      example: "redis://127.0.0.1:6379"
    ) {
      try RedisConfiguration(url: $0)
    }
    let broker: AMQPConfiguration? = reader.parsed(
      "MQ_URL",
      brokerURL,
      example: "amqp://helium:secret@127.0.0.1:5672/"
    ) {
      try AMQPConfiguration(url: $0)
    }
    let poolSize = reader.integer("DATABASE_POOL_SIZE", in: 1...1_000) ?? Self.usualPoolSize
    database?.poolSize = poolSize
    healthPort = reader.integer("HEALTH_CHECK_PORT", in: 0...65_535) ?? Self.usualHealthPort
    healthHost = reader.text("HEALTH_CHECK_HOST") ?? "0.0.0.0"
    grpcListen = reader.address("GRPC_LISTEN") ?? ListenAddress(host: "0.0.0.0", port: 50_051)
    subscribeListen =
      reader.address("SUBSCRIBE_API_LISTEN") ?? ListenAddress(host: "0.0.0.0", port: 8_080)
    webhookListen =
      reader.address("WEBHOOK_API_LISTEN") ?? ListenAddress(host: "0.0.0.0", port: 8_081)
    nodeListen = reader.address("NODE_API_LISTEN") ?? ListenAddress(host: "0.0.0.0", port: 8_082)
    tls = reader.tlsFiles()
    tenant = reader.text("TENANT_ID") ?? "default"
    redis?.keyPrefix = "\(tenant):"
    logLevel = reader.choice("LOG_LEVEL", of: Logger.Level.self) ?? .info
    logFormat = reader.choice("LOG_FORMAT", of: LogFormat.self) ?? .json
    grace = .seconds(
      reader.integer("SHUTDOWN_GRACE_SECONDS", in: 1...3_600) ?? Self.usualGraceSeconds
    )
    trustedProxies = TrustedProxies(reader.addressBlocks("TRUSTED_PROXIES"))
    let masterKey = reader.masterKey("HELIUM_MASTER_KEY_FILE")
    smtpURL = reader.text("SMTP_URL")
    fault = reader.text("HELIUM_FAULT")
    guard reader.problems.isEmpty, let database, let redis, let broker, let masterKey else {
      throw ConfigurationError(problems: reader.problems)
    }
    self.database = database
    self.redis = redis
    self.broker = broker
    self.masterKey = masterKey
  }
}
