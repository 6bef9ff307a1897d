import Postgres
import TestKit
import Testing

@testable import Migrations

/// Migrations of a database that is at work.
@Suite struct LiveMigrationTests {
  private static let table =
    "CREATE TABLE a (x integer);\nINSERT INTO a SELECT generate_series(1, 1000);"
  private static let brief = LockPatience(
    timeout: .milliseconds(50),
    pause: .milliseconds(50),
    attempts: 2_000
  )

  /// Other tests' databases are on the same server.
  private static let advisoryLocks = """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    """

  /// Time-outs that nothing of what the runner does would keep.
  private func impatient(_ configuration: inout PostgresConfiguration) {
    configuration.statementTimeout = .milliseconds(1)
    configuration.callTimeout = .milliseconds(1)
  }

  @Test func `a statement takes as long as it needs, whatever the client's time-outs are`()
    async throws
  {
    try await withTestDatabase { database in
      try await withClient(url: database.url, impatient) { client in
        let files = try migrations([
          "0001_a_table.sql": Self.table,
          "0002_a_slow.sql": "SELECT pg_sleep(0.5); CREATE INDEX a_x ON a (x)",
        ])
        #expect(try await runner(client, files).migrate().count == 2)
      }
      try await withClient(url: database.url) { client async throws in
        #expect(
          try await number(client, "SELECT count(*) FROM pg_class WHERE relname = 'a_x'") == 1
        )
      }
    }
  }

  @Test
  func
    `a second runner waits for as long as the first is at work, also when that builds an index beside others`()
    async throws
  {
    try await withTestDatabase { database in
      let files = try migrations([
        "0001_a_table.sql": Self.table,
        "0002_a_slow.sql": "SELECT pg_sleep(2)",
        "0003_a_index.sql":
          "-- no transaction\nDROP INDEX CONCURRENTLY IF EXISTS a_x;\nCREATE INDEX CONCURRENTLY a_x ON a (x);",
      ])
      try await withClient(url: database.url, impatient) { first in
        try await withClient(url: database.url, impatient) { second in
          try await withClient(url: database.url) { client async throws in
            async let one = runner(first, files).migrate()
            try await eventually { try await number(client, Self.advisoryLocks) == 1 }
            async let other = runner(second, files).migrate()
            let counts = try await [one.count, other.count]
            #expect(counts == [3, 0])
            #expect(
              try await number(
                client,
                "SELECT count(*) FROM pg_index WHERE indexrelid = 'a_x'::regclass AND indisvalid"
              ) == 1
            )
            #expect(try await number(client, Self.advisoryLocks) == 0)
          }
        }
      }
    }
  }

  @Test
  func
    `while a migration waits for a table, others use the table, and the migration goes on when it is free`()
    async throws
  {
    try await withClient { client async throws in
      let files = try migrations([
        "0001_a_table.sql": Self.table, "0002_a_column.sql": "ALTER TABLE a ADD COLUMN y integer",
      ])
      _ = try await runner(client, Array(files.prefix(1))).migrate()
      try await client.withConnection { reader in
        try await reader.execute(script: "BEGIN; SELECT count(*) FROM a")
        async let migrated = runner(client, files, locks: Self.brief).migrate()
        try await eventually {
          try await number(
            client,
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'a'::regclass"
          ) == 1
        }
        // Behind a request that waits without limit this would wait for `reader`, which waits for
        // this.
        for _ in 0..<20 { #expect(try await number(client, "SELECT count(*) FROM a") == 1_000) }
        try await reader.execute(script: "COMMIT")
        #expect(try await migrated.map(\.version) == [2])
      }
      #expect(try await number(client, "SELECT count(y) FROM a") == 0)
    }
  }

  @Test func `a lock that never comes free is reported with its statement, and nothing is applied`()
    async throws
  {
    try await withClient { client async throws in
      let files = try migrations([
        "0001_a_table.sql": Self.table,
        "0002_a_column.sql": "CREATE TABLE b ();\nALTER TABLE a ADD COLUMN y integer",
      ])
      _ = try await runner(client, Array(files.prefix(1))).migrate()
      try await client.withConnection { reader in
        try await reader.execute(script: "BEGIN; SELECT count(*) FROM a")
        let locks = LockPatience(timeout: .milliseconds(20), pause: .milliseconds(1), attempts: 3)
        let error = await #expect(throws: MigrationError.self) {
          try await runner(client, files, locks: locks).migrate()
        }
        guard
          case .failed("0002_a_column", 2, "ALTER TABLE a ADD COLUMN y integer", let reason) = error
        else {
          Issue.record("another error: \(String(describing: error))")
          return
        }
        #expect(reason.contains("lock timeout"))
        try await reader.execute(script: "COMMIT")
      }
      #expect(try await number(client, "SELECT count(*) FROM pg_class WHERE relname = 'b'") == 0)
      #expect(try await runner(client, files).migrate().map(\.version) == [2])
    }
  }

  @Test func `a file without a transaction that fails is begun again by the next run`() async throws
  {
    try await withClient { client async throws in
      let text =
        "-- no transaction\nDROP INDEX CONCURRENTLY IF EXISTS a_x;\nCREATE UNIQUE INDEX CONCURRENTLY a_x ON a (x);"
      let files = try migrations([
        "0001_a_table.sql": Self.table + "INSERT INTO a VALUES (1);", "0002_a_index.sql": text,
      ])
      let error = await #expect(throws: MigrationError.self) {
        try await runner(client, files).migrate()
      }
      guard case .failedHalfway("0002_a_index", 3, _, let reason) = error else {
        Issue.record("another error: \(String(describing: error))")
        return
      }
      #expect(reason.contains("could not create unique index"))
      #expect(try await runner(client, files).status().map(\.isApplied) == [true, false])
      _ = try await client.query(PostgresQuery("DELETE FROM a WHERE x = 1"))
      #expect(try await runner(client, files).migrate().map(\.version) == [2])
      #expect(
        try await number(
          client,
          "SELECT count(*) FROM pg_index WHERE indexrelid = 'a_x'::regclass AND indisvalid"
        ) == 1
      )
    }
  }

  @Test func `what can't run in a transaction is refused in a file that has one`() async throws {
    try await withClient { client async throws in
      let files = try migrations([
        "0001_a_table.sql": Self.table,
        "0002_a_index.sql": "CREATE INDEX CONCURRENTLY a_x ON a (x)",
      ])
      let error = await #expect(throws: MigrationError.self) {
        try await runner(client, files).migrate()
      }
      #expect(error?.description.contains("cannot run inside a transaction block") == true)
    }
  }

  @Test
  func
    `a session that is lost is reported by the statement that lost it, not by what could not be undone after it`()
    async throws
  {
    try await withClient { client async throws in
      let suicide = "CREATE TABLE b ();\nSELECT pg_terminate_backend(pg_backend_pid());"
      let files = try migrations(["0001_a_table.sql": Self.table, "0002_a_end.sql": suicide])
      let error = await #expect(throws: MigrationError.self) {
        try await runner(client, files).migrate()
      }
      guard case .failed("0002_a_end", 2, _, _) = error else {
        Issue.record("another error: \(String(describing: error))")
        return
      }
      #expect(try await runner(client, files).status().map(\.isApplied) == [true, false])
      #expect(try await number(client, "SELECT count(*) FROM pg_class WHERE relname = 'b'") == 0)
    }
  }

  @Test func `a runner that is cancelled leaves no lock, no setting and nothing half done`()
    async throws
  {
    try await withTestDatabase { database in
      try await withClient(url: database.url) { observer in
        try await withClient(url: database.url, { $0.poolSize = 1 }) { client in
          let files = try migrations([
            "0001_a_table.sql": Self.table,
            "0002_a_slow.sql": "CREATE TABLE b (); SELECT pg_sleep(600)",
          ])
          let started = Task { try await runner(client, files).migrate() }
          try await eventually {
            try await number(
              observer,
              "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'"
            ) == 1
          }
          started.cancel()
          await #expect(throws: CancellationError.self) { try await started.value }
          // On the same session: there is no other.
          #expect(try await number(client, Self.advisoryLocks) == 0)
          #expect(
            try await number(client, "SELECT count(*) FROM pg_class WHERE relname = 'b'") == 0
          )
          #expect(
            try await number(
              client,
              "SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'"
            ) == 30_000
          )
        }
      }
    }
  }
}
