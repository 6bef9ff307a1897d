import Logging
import Postgres
import TestKit
import Testing

@testable import Migrations

@Suite struct SchemaTests {
  @Test func `a script is split at its statements, whatever hides a semicolon`() {
    let script = SQLScript(
      """
      -- one; not a statement
      SELECT 'a;''b', E'\\';', "x;y"; /* ; /* ; */ */
      CREATE FUNCTION f() RETURNS int AS $body$ SELECT 1; $body$ LANGUAGE sql;
      SELECT $1
      """)
    #expect(script.statements.map(\.line) == [2, 3, 4])
    #expect(script.statements.map(\.firstLine).last == "SELECT $1")
  }

  @Test func `an applied file may not change, and none may come before it`() throws {
    let first = try Migration(fileName: "0001_a_b.sql", sql: "SELECT 1")
    let second = try Migration(fileName: "0002_a_c.sql", sql: "SELECT 2")
    let applied = AppliedMigration(version: 2, name: second.name, checksum: second.checksum)
    #expect(throws: MigrationError.outOfOrder(name: first.name, after: second.name)) {
      try MigrationPlan(known: [first, second], applied: [applied])
    }
    let changed = AppliedMigration(version: 2, name: second.name, checksum: first.checksum)
    #expect(throws: MigrationError.changed(name: second.name)) { try MigrationPlan(known: [second], applied: [changed]) }
    #expect(throws: MigrationError.unknown(name: second.name)) { try MigrationPlan(known: [first], applied: [applied]) }
  }

  @Test func `two runners at once apply every file once`() async throws {
    try await withClient { client async throws in
      let migrations = [try Migration(fileName: "0001_a_b.sql", sql: "CREATE TABLE a (id int); SELECT pg_sleep(0.2)")]
      async let one = runner(client, migrations).migrate()
      async let other = runner(client, migrations).migrate()
      let applied = try await one.count + other.count
      #expect(applied == 1)
    }
  }

  @Test func `a file that fails leaves the database as it was and names its line`() async throws {
    try await withClient { client async throws in
      let good = try Migration(fileName: "0001_a_b.sql", sql: "CREATE TABLE a (id int)")
      let bad = try Migration(fileName: "0002_a_c.sql", sql: "CREATE TABLE b (id int);\n\nSELECT nothing FROM a;")
      let error = await #expect(throws: MigrationError.self) { _ = try await runner(client, [good, bad]).migrate() }
      guard case .failed(let name, let line, let statement, _) = error else {
        Issue.record("another error: \(String(describing: error))")
        return
      }
      #expect(name == bad.name)
      #expect(line == 3)
      #expect(statement == "SELECT nothing FROM a")
      let rows = try await client.query(PostgresQuery("SELECT to_regclass('a') IS NOT NULL, to_regclass('b') IS NULL"))
      #expect(try rows[0].decode(0, as: Bool.self))
      #expect(try rows[0].decode(1, as: Bool.self))
      let pending = try await runner(client, [good, bad]).plan().pending
      #expect(pending == [bad])
    }
  }

  private func runner(_ client: PostgresClient, _ migrations: [Migration]) -> MigrationRunner {
    MigrationRunner(client: client, migrations: migrations, logger: Logger(label: "test"))
  }

  private func withClient(_ body: (PostgresClient) async throws -> Void) async throws {
    try await withTestDatabase { database in
      let client = PostgresClient(configuration: try PostgresConfiguration(url: database.url), logger: Logger(label: "test"))
      do {
        try await body(client)
      } catch {
        await client.close()
        throw error
      }
      await client.close()
    }
  }
}
