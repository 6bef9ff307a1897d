import Configuration
import FoundationEssentials
import Logging
import Migrations
import Postgres

/// `helium migrate`: needs the database alone.
package struct SchemaCommand: Sendable {
  private let configuration: PostgresConfiguration
  private let migrations: [Migration]
  private let logger: Logger

  /// Without a directory the migrations are those of this binary.
  package init(directory: String? = nil) throws {
    var reader = EnvironmentReader(HeliumProcess.environment)
    let example = "postgres://helium:secret@127.0.0.1:5432/helium"
    let url = reader.required("DATABASE_URL", example: example)
    guard
      let configuration = reader.parsed(
        "DATABASE_URL",
        url,
        example: example,
        { try PostgresConfiguration(url: $0) }
      )
    else {
      throw ConfigurationError(problems: reader.problems)
    }
    try self.init(configuration, directory: directory)
  }

  init(_ configuration: PostgresConfiguration, directory: String? = nil) throws {
    self.configuration = configuration
    var logger = Logger(label: "helium.migrate")
    logger.logLevel = .warning
    self.logger = logger
    migrations =
      if let directory { try Self.migrations(in: directory) } else { try Migration.embedded() }
  }

  private static func migrations(in directory: String) throws -> [Migration] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    let migrations = try names.filter { $0.hasSuffix(".sql") }.sorted().map { name in
      guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)") else {
        throw NoMigrations(directory: directory)
      }
      return try Migration(fileName: name, sql: String(decoding: data, as: UTF8.self))
    }
    if migrations.isEmpty { throw NoMigrations(directory: directory) }
    return migrations
  }

  /// The folder has no migrations.
  struct NoMigrations: Error, CustomStringConvertible {
    let directory: String

    var description: String {
      "\(directory) has no migration files: leave out --directory to apply the built-in ones"
    }
  }

  package func migrate(_ say: (String) -> Void) async throws {
    try await withRunner { runner in
      let applied = try await runner.migrate()
      for migration in applied { say("applied \(migration.name)") }
      say(
        applied.isEmpty
          ? "the schema is up to date" : "the schema is up to date: \(applied.count) applied"
      )
    }
  }

  package func plan(_ say: (String) -> Void) async throws {
    try await withRunner { runner in
      let pending = try await runner.plan().pending
      for migration in pending { say("would apply \(migration.name)") }
      if pending.isEmpty { say("the schema is up to date") }
    }
  }

  package func status(_ say: (String) -> Void) async throws {
    try await withRunner { runner in
      for (migration, isApplied) in try await runner.status() {
        say("\(isApplied ? "applied" : "pending") \(migration.name)")
      }
    }
  }

  private func withRunner(_ body: (MigrationRunner) async throws -> Void) async throws {
    let client = PostgresClient(configuration: configuration, logger: logger)
    do {
      try await body(MigrationRunner(client: client, migrations: migrations, logger: logger))
      await client.close()
    } catch {
      await client.close()
      throw error
    }
  }
}
