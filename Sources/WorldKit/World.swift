import FoundationEssentials
import Logging
package import Migrations
package import Platform
package import Postgres
package import TestKit

/// What a module's tests stand on: a migrated database of their own, a clock that stands, ids, and
/// operators of every role.
package struct World: Sendable {
  package let url: String
  package let client: PostgresClient
  package let database: DatabaseProcessor
  package let clock: ManualClock
  package let ids: IdentifierSource

  /// Noon of 2026-01-15 in UTC: far from every border of days, months and years.
  package static let noon = Instant(seconds: 1_768_478_400)

  /// An operator with `role`.
  package func admin(_ role: Role = .superAdmin) async throws -> Admin {
    let id: Admin.ID = ids.next()
    return try await AdminVerifier { _ in (id, role) }("")
  }

  /// The messages that were published and not sent, as name and JSON, in their order.
  package func published() async throws -> [(name: String, body: String)] {
    let rows = try await client.query(
      PostgresQuery("SELECT name, convert_from(body, 'UTF8') FROM platform.outbox ORDER BY id")
    )
    return try rows.map { (try $0.decode(0), try $0.decode(1)) }
  }

  /// The published messages of one type, in their order.
  package func published<M: Message>(_ type: M.Type) async throws -> [M] {
    try await published().filter { $0.name == M.name }.map {
      try JSON.decode(M.self, from: Array($0.body.utf8))
    }
  }

  /// The single number that `sql` answers.
  package func number(_ sql: String) async throws -> Int64 {
    try await client.query(PostgresQuery(sql)).first?.decode(0, as: Int64.self) ?? 0
  }

  /// Runs statements as they are, for setting scenes that no operation can.
  package func execute(_ sql: String) async throws {
    try await client.withConnection { connection in try await connection.execute(script: sql) }
  }
}

/// Runs a test in a world of its own, which is gone after it.
@discardableResult
package func withWorld<Result: Sendable>(
  poolSize: Int = 20,
  at instant: Instant = World.noon,
  _ body: (World) async throws -> Result
) async throws -> Result {
  try await withTestDatabase(migratedTemplate) { database in
    var configuration = try PostgresConfiguration(url: database.url)
    configuration.poolSize = poolSize
    // A loaded machine must not fail a test: only what never ends is a failure.
    configuration.acquireTimeout = .seconds(120)
    let client = PostgresClient(configuration: configuration, logger: quietLogger)
    let clock = ManualClock(instant)
    let world = World(
      url: database.url,
      client: client,
      database: DatabaseProcessor(pool: client),
      clock: clock,
      ids: IdentifierSource(clock: clock.clock)
    )
    do {
      let result = try await body(world)
      await client.close()
      return result
    } catch {
      await client.close()
      throw error
    }
  }
}

/// The schema of `migrations/`, built once in a test process.
package let migratedTemplate = DatabaseTemplate(name: "template_migrated") { url in
  let client = PostgresClient(
    configuration: try PostgresConfiguration(url: url),
    logger: quietLogger
  )
  _ = try await MigrationRunner(
    client: client,
    migrations: try repositoryMigrations(),
    logger: quietLogger
  ).migrate()
  await client.close()
}

/// The migrations of this checkout, as they are on disk.
package func repositoryMigrations() throws -> [Migration] {
  let folder =
    #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/\($1)" } + "/migrations"
  return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".sql") }
    .sorted().map { name in
      try Migration(
        fileName: name,
        sql: String(
          decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(),
          as: UTF8.self
        )
      )
    }
}

private let quietLogger: Logger = {
  var logger = Logger(label: "helium.test")
  logger.logLevel = .critical
  return logger
}()
