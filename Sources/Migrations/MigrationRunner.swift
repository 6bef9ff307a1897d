package import Logging
package import Postgres

/// Brings a database's schema up to date: pending files in order, one transaction each, under an
/// advisory lock.
///
/// Its statements may take as long as they need, whatever the client's time-outs are; only waits
/// for other sessions' locks are short.
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
  private let locks: LockPatience
  private let logger: Logger

  /// The index of a large table takes hours to build, and nothing takes a week.
  private static let longestCall = Duration.seconds(7 * 86_400)
  /// A runner that waits for another looks this often.
  private static let pauseBetweenLooks = Duration.milliseconds(500)

  package init(
    client: PostgresClient,
    migrations: [Migration],
    locks: LockPatience = .standard,
    logger: Logger
  ) {
    self.client = client
    self.migrations = migrations
    self.locks = locks
    self.logger = logger
  }

  /// Applies what is pending and returns it. Two runners at once are safe: the second waits and
  /// finds nothing to do.
  package func migrate() async throws -> [Migration] {
    try await client.withConnection { connection in
      do {
        try await run("SET statement_timeout = 0", on: connection)
        try await lock(connection)
        try await run(Self.createTable, on: connection)
        let plan = try MigrationPlan(known: migrations, applied: try await applied(on: connection))
        for migration in plan.pending {
          try await apply(migration, on: connection)
          logger.info("applied \(migration.name)")
        }
        await cleanUp(connection)
        return plan.pending
      } catch {
        await cleanUp(connection)
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
      let exists = try await connection.query(
        PostgresQuery("SELECT to_regclass('migrations.applied') IS NOT NULL")
      )
      let isNew = try exists.first?.decode(0, as: Bool.self) != true
      return try MigrationPlan(
        known: migrations,
        applied: isNew ? [] : try await applied(on: connection)
      )
    }
  }

  private func applied(on connection: PostgresConnection) async throws -> [AppliedMigration] {
    let query = PostgresQuery(
      "SELECT version, name, checksum FROM migrations.applied ORDER BY version"
    )
    let rows = try await connection.query(query, deadline: Self.longestCall)
    return try rows.map { row in
      AppliedMigration(
        version: Int(try row.decode(0, as: Int32.self)),
        name: try row.decode(1),
        checksum: try row.decode(2)
      )
    }
  }

  /// Waits by polling. A session that waits inside a statement has a snapshot, and CREATE INDEX
  /// CONCURRENTLY waits for all snapshots.
  private func lock(_ connection: PostgresConnection) async throws {
    let query = PostgresQuery("SELECT pg_try_advisory_lock(\(Self.advisoryLock))")
    var hasSaid = false
    while try await connection.query(query, deadline: Self.longestCall).first?.decode(
      0,
      as: Bool.self
    ) != true {
      if !hasSaid { logger.notice("another run is in progress; waiting for it") }
      hasSaid = true
      try await Task.sleep(for: Self.pauseBetweenLooks)
    }
  }

  /// Restores the state of the connection. A failure isn't reported: it means that the session is
  /// gone, and with it all that is undone here.
  private func cleanUp(_ connection: PostgresConnection) async {
    try? await connection.cleanUp(script: "ROLLBACK")
    try? await connection.cleanUp(
      script: "RESET statement_timeout; RESET lock_timeout; SELECT pg_advisory_unlock_all()"
    )
  }
}

/// Applying one file.
extension MigrationRunner {
  /// The statement of a file that failed, and why.
  private struct StatementFailure: Error {
    let statement: SQLScript.Statement
    let error: any Error

    var line: Int { statement.line(ofCharacter: (error as? PostgresError)?.position) }
    var reason: String { (error as? PostgresError)?.message ?? "\(error)" }
    /// Whether another session's lock was in the way: it may be gone the next time.
    var isPassing: Bool {
      (error as? PostgresError).map { $0.isLockNotAvailable || $0.isDeadlock } ?? false
    }
  }

  private func apply(_ migration: Migration, on connection: PostgresConnection) async throws {
    do {
      if migration.isAtomic {
        try await retrying(migration) { try await applyAtOnce(migration, on: connection) }
      } else {
        // Such statements block nobody while they wait, and stopping one would leave an invalid
        // index behind.
        try await run("SET lock_timeout = 0", on: connection)
        for statement in SQLScript(migration.sql).statements {
          try await run(statement, on: connection)
        }
        try await record(migration, on: connection)
      }
    } catch let failure as StatementFailure {
      let (line, statement, reason) = (failure.line, failure.statement.firstLine, failure.reason)
      if migration.isAtomic {
        throw MigrationError.failed(
          name: migration.name,
          line: line,
          statement: statement,
          reason: reason
        )
      }
      throw MigrationError.failedHalfway(
        name: migration.name,
        line: line,
        statement: statement,
        reason: reason
      )
    }
  }

  private func applyAtOnce(_ migration: Migration, on connection: PostgresConnection) async throws {
    try await run(
      "BEGIN; SET LOCAL lock_timeout = '\(locks.timeoutInMilliseconds)ms'",
      on: connection
    )
    do {
      for statement in SQLScript(migration.sql).statements {
        try await run(statement, on: connection)
      }
      try await record(migration, on: connection)
      try await run("COMMIT", on: connection)
    } catch {
      // The locks must be free before anything else. When this fails the session is gone, which
      // `error` says already.
      try? await connection.cleanUp(script: "ROLLBACK")
      throw error
    }
  }

  private func retrying(_ migration: Migration, _ body: () async throws -> Void) async throws {
    for _ in 1..<max(locks.attempts, 1) {
      do {
        return try await body()
      } catch let failure as StatementFailure where failure.isPassing {
        logger.notice(
          "\(migration.name), line \(failure.line), is waiting for other transactions: \(failure.reason); it will be retried"
        )
        try await Task.sleep(for: locks.pause)
      }
    }
    try await body()
  }

  private func record(_ migration: Migration, on connection: PostgresConnection) async throws {
    var bindings = PostgresBindings()
    bindings.append(Int32(migration.version))
    bindings.append(migration.name)
    bindings.append(migration.checksum)
    let query = PostgresQuery(
      "INSERT INTO migrations.applied (version, name, checksum) VALUES ($1, $2, $3)",
      bindings
    )
    _ = try await connection.query(query, deadline: Self.longestCall)
  }

  private func run(_ statement: SQLScript.Statement, on connection: PostgresConnection) async throws
  {
    do {
      try await run(statement.text, on: connection)
    } catch let error where !(error is CancellationError) {
      throw StatementFailure(statement: statement, error: error)
    }
  }

  private func run(_ script: String, on connection: PostgresConnection) async throws {
    try await connection.execute(script: script, deadline: Self.longestCall)
  }
}

extension SQLScript.Statement {
  var firstLine: String {
    String(text.split(separator: "\n", maxSplits: 1).first ?? "")
  }

  /// The line of the script that holds the statement's character number `position` (from 1), or its
  /// first line.
  func line(ofCharacter position: Int?) -> Int {
    guard let position, position > 0 else { return line }
    return line + text.unicodeScalars.prefix(position - 1).count { $0 == "\n" }
  }
}
