package import Logging
package import Postgres

/// Brings a database's schema up to date: pending files in order, one transaction each, under an advisory lock.
package struct MigrationRunner: Sendable {
  /// Any number that nothing else locks: "helium" in ASCII.
  private static let advisoryLock: Int64 = 0x6865_6c69_756d

  private static let createTable = """
    CREATE SCHEMA IF NOT EXISTS migrations;
    CREATE TABLE IF NOT EXISTS migrations.applied (
      version integer PRIMARY KEY,
      name text NOT NULL,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    );
    """

  private let client: PostgresClient
  private let migrations: [Migration]
  private let logger: Logger

  package init(client: PostgresClient, migrations: [Migration], logger: Logger) {
    self.client = client
    self.migrations = migrations
    self.logger = logger
  }

  /// Applies what is pending and returns it. Two runners at once are safe: the second waits and finds nothing to do.
  package func migrate() async throws -> [Migration] {
    try await client.withConnection { connection in
      try await lock(connection)
      do {
        try await connection.execute(script: Self.createTable)
        let plan = try MigrationPlan(known: migrations, applied: try await applied(on: connection))
        for migration in plan.pending {
          try await apply(migration, on: connection)
          logger.info("applied \(migration.name)")
        }
        try await unlock(connection)
        return plan.pending
      } catch {
        try await unlock(connection)
        throw error
      }
    }
  }

  /// Every known migration, and whether it is applied. Changes nothing.
  package func status() async throws -> [(migration: Migration, isApplied: Bool)] {
    let pending = Set(try await plan().pending)
    return try Migration.ordered(migrations).map { ($0, !pending.contains($0)) }
  }

  /// What `migrate` would apply now. Changes nothing.
  package func plan() async throws -> MigrationPlan {
    try await client.withConnection { connection in
      let exists = try await connection.query(PostgresQuery("SELECT to_regclass('migrations.applied') IS NOT NULL"))
      let isNew = try exists.first?.decode(0, as: Bool.self) != true
      return try MigrationPlan(known: migrations, applied: isNew ? [] : try await applied(on: connection))
    }
  }

  private func applied(on connection: PostgresConnection) async throws -> [AppliedMigration] {
    let rows = try await connection.query(PostgresQuery("SELECT version, name, checksum FROM migrations.applied ORDER BY version"))
    return try rows.map { row in
      AppliedMigration(version: Int(try row.decode(0, as: Int32.self)), name: try row.decode(1), checksum: try row.decode(2))
    }
  }

  private func apply(_ migration: Migration, on connection: PostgresConnection) async throws {
    try await connection.execute(script: "BEGIN")
    do {
      for statement in SQLScript(migration.sql).statements {
        do {
          try await connection.execute(script: statement.text)
        } catch let error as PostgresError {
          throw MigrationError.failed(
            name: migration.name, line: statement.line(ofCharacter: error.position), statement: statement.firstLine, reason: error.message)
        }
      }
      var bindings = PostgresBindings()
      bindings.append(Int32(migration.version))
      bindings.append(migration.name)
      bindings.append(migration.checksum)
      _ = try await connection.query(
        PostgresQuery("INSERT INTO migrations.applied (version, name, checksum) VALUES ($1, $2, $3)", bindings))
      try await connection.execute(script: "COMMIT")
    } catch {
      try await connection.execute(script: "ROLLBACK")
      throw error
    }
  }

  private func lock(_ connection: PostgresConnection) async throws {
    _ = try await connection.query(PostgresQuery("SELECT pg_advisory_lock(\(Self.advisoryLock))"))
  }

  private func unlock(_ connection: PostgresConnection) async throws {
    _ = try await connection.query(PostgresQuery("SELECT pg_advisory_unlock(\(Self.advisoryLock))"))
  }
}

extension SQLScript.Statement {
  var firstLine: String {
    String(text.split(separator: "\n", maxSplits: 1).first ?? "")
  }

  /// The line of the script that holds the statement's character number `position` (from 1), or its first line.
  func line(ofCharacter position: Int?) -> Int {
    guard let position, position > 0 else { return line }
    return line + text.unicodeScalars.prefix(position - 1).count { $0 == "\n" }
  }
}
