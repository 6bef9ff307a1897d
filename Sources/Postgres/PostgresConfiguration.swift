/// Where the database is and how the client treats it. Every limit has a default, with its reason
/// beside it.
package struct PostgresConfiguration: Sendable {
  /// libpq's parameters from the URL, such as `host` and `sslmode`.
  let parameters: [String: String]

  /// Connections for transactions and ordinary statements. Ten keep a PostgreSQL of a few cores
  /// busy, and ten processes stay below its default `max_connections` of 100.
  package var poolSize = 10
  /// Connections shared by pipelined statements. Four gave 1.4 to 2 times the throughput of one
  /// statement per connection, more gave less.
  package var pipelinedConnections = 4
  /// Statements in flight on one shared connection: enough to hide a round trip of 1 ms, few enough
  /// that a slow one delays few.
  package var pipelineDepth = 64
  /// How long a call waits for a connection. Longer than a fail-over of the pool's own, shorter
  /// than most callers' patience.
  package var acquireTimeout = Duration.seconds(5)
  /// Callers that may wait at once; one more is refused. It bounds memory, and at a millisecond a
  /// statement it is a wait of 0.1 s.
  package var maxWaiters = 1000
  /// The server ends a statement after this long. Interactive statements take milliseconds; long
  /// work sets its own with SET LOCAL.
  package var statementTimeout = Duration.seconds(30)
  /// The server ends a session that leaves a transaction idle this long, and with it its locks.
  package var idleInTransactionTimeout = Duration.seconds(30)
  /// A call without a deadline of its own. It lies behind `statementTimeout`, so that it fires only
  /// when the server does not answer.
  package var callTimeout = Duration.seconds(40)
  /// An attempt to connect to one address: a few lost SYN packets (1 s, 2 s, 4 s) and the
  /// handshake.
  package var connectTimeout = Duration.seconds(10)
  /// A connection is replaced after this long, less up to a tenth at random, so that memory that a
  /// server process collects is freed and load moves to new servers.
  package var maxLifetime = Duration.seconds(3600)
  /// A connection unused this long is closed.
  package var idleTimeout = Duration.seconds(600)
  /// A connection unused this long is checked with a round trip: shorter than the idle timeouts of
  /// common NAT devices and proxies.
  package var idleCheck = Duration.seconds(30)
  /// How long a statement that was given up may take to end after its cancel request, before its
  /// connection is closed.
  package var cancelGrace = Duration.seconds(5)
  /// The first pause after a failed attempt to connect; it doubles, and a random half of it is left
  /// out so that clients spread.
  package var minBackoff = Duration.milliseconds(50)
  /// The longest pause between attempts to connect: a server that is back is found within this.
  package var maxBackoff = Duration.seconds(2)
  /// How long shutting down waits for calls that run.
  package var drainTimeout = Duration.seconds(20)
  /// Statements kept parsed on each connection: more than one service has; each costs the server
  /// some tens of kilobytes.
  package var preparedStatements = 500
  /// Notifications kept for one listener that does not read; after that it gets `.reconnected` in
  /// their place.
  package var notificationBuffer = 1024
  /// What `pg_stat_activity` shows, unless the URL says otherwise.
  package var applicationName = "helium"
  /// Marks this client's metrics, for processes that have more than one.
  package var metricsLabel = "default"

  /// Reads a URL `postgres://user:password@host:port/database?sslmode=verify-full`, or a libpq
  /// string of keywords and values. All of libpq's parameters are understood, several hosts
  /// included.
  package init(url: String) throws(PostgresConfigurationError) {
    parameters = try ConnectionParameters.parse(url)
  }
}

/// Why a connection URL was refused.
package struct PostgresConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// libpq's explanation, without what it quotes of the URL: that may be a password.
  package let reason: String

  package var description: String {
    "not a PostgreSQL connection URL (\(reason)); an example: postgres://user:password@127.0.0.1:5432/database?sslmode=require"
  }
}
