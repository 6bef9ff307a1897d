import Logging
import Postgres
import TestKit
import Testing

@testable import Migrations

@Suite struct MigrationRunnerTests {
  private static let one = "CREATE TABLE a (x integer);\nINSERT INTO a VALUES (1);"

  @Test func `files are applied in order, and a second run does nothing`() async throws {
    try await withClient { client async throws in
      let files = try migrations([
        "0002_a_more.sql": "INSERT INTO a VALUES (2)", "0001_a_table.sql": Self.one,
      ])
      #expect(try await runner(client, files).migrate().map(\.version) == [1, 2])
      #expect(try await runner(client, files).migrate() == [])
      #expect(try await number(client, "SELECT sum(x) FROM a") == 3)
      #expect(try await runner(client, files).status().map(\.isApplied) == [true, true])
    }
  }

  @Test func `of ten runners at once each file is applied by one`() async throws {
    try await withClient { client async throws in
      let runner = runner(
        client,
        try migrations([
          "0001_a_table.sql": Self.one, "0002_a_more.sql": "INSERT INTO a VALUES (2)",
        ])
      )
      let applied = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<10 { group.addTask { try await runner.migrate().count } }
        return try await group.reduce(0, +)
      }
      #expect(applied == 2)
      #expect(try await number(client, "SELECT count(*) FROM a") == 2)
    }
  }

  @Test func `a file that fails leaves the database as it was, and names its line and statement`()
    async throws
  {
    try await withClient { client async throws in
      let bad =
        "-- a comment\nCREATE TABLE b (x integer);\nINSERT INTO b\n  VALUES (1, 2);\nCREATE TABLE c (x integer);"
      let files = try migrations([
        "0001_a_table.sql": Self.one, "0002_b_bad.sql": bad,
        "0003_d_table.sql": "CREATE TABLE d ()",
      ])
      let error = await #expect(throws: MigrationError.self) {
        try await runner(client, files).migrate()
      }
      guard case .failed(let name, let line, let statement, let reason) = error else {
        Issue.record("another error: \(String(describing: error))")
        return
      }
      #expect(name == "0002_b_bad")
      #expect(line == 4)
      #expect(statement == "INSERT INTO b")
      #expect(reason.contains("more expressions than target columns"))
      #expect(
        try await number(client, "SELECT count(*) FROM pg_class WHERE relname IN ('b', 'c', 'd')")
          == 0
      )
      #expect(try await runner(client, files).status().map(\.isApplied) == [true, false, false])
      // The lock is free again, and a corrected file goes on from there.
      let corrected = try migrations([
        "0001_a_table.sql": Self.one, "0002_b_bad.sql": "CREATE TABLE b ()",
      ])
      #expect(try await runner(client, corrected).migrate().map(\.version) == [2])
    }
  }

  @Test func `a changed file is refused and nothing is applied`() async throws {
    try await withClient { client async throws in
      _ = try await runner(client, try migrations(["0001_a_table.sql": Self.one])).migrate()
      let changed = try migrations([
        "0001_a_table.sql": Self.one + " ", "0002_b_table.sql": "CREATE TABLE b ()",
      ])
      await #expect(throws: MigrationError.changed(name: "0001_a_table")) {
        try await runner(client, changed).migrate()
      }
      #expect(try await number(client, "SELECT count(*) FROM pg_class WHERE relname = 'b'") == 0)
    }
  }

  @Test func `status and plan change nothing`() async throws {
    try await withClient { client async throws in
      let files = try migrations(["0001_a_table.sql": Self.one])
      #expect(try await runner(client, files).status().map(\.isApplied) == [false])
      #expect(try await runner(client, files).plan().pending == files)
      #expect(
        try await number(client, "SELECT count(*) FROM pg_namespace WHERE nspname = 'migrations'")
          == 0
      )
    }
  }
}
