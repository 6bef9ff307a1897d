import Logging
import Postgres

/// A few connections for what isn't measured: filling tables and asking what is in them.
struct Database: Sendable {
  let client: PostgresClient

  /// Filling 100,000 rows takes seconds; a machine that is busy besides takes longer.
  private static let patience = Duration.seconds(300)

  init(url: String) throws {
    var configuration = try PostgresConfiguration(url: url)
    configuration.poolSize = 2
    configuration.statementTimeout = Self.patience
    client = PostgresClient(configuration: configuration, logger: .silent)
  }

  @discardableResult
  func execute(_ sql: String) async throws -> PostgresRows {
    try await client.query(PostgresQuery(sql), deadline: Self.patience)
  }

  /// The number that a statement asks for.
  func number(_ sql: String) async throws -> Int64 {
    try await execute(sql)[0].decode(0)
  }
}
