import Testing

@testable import Postgres

@Suite struct ScriptTests {
  @Test func `a script runs whole`() async throws {
    try await withClient { client in
      try await client.withConnection { connection in
        try await connection.execute(
          script:
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1); -- done\nINSERT INTO t VALUES (2)"
        )
        #expect(
          try await connection.value(PostgresQuery("SELECT sum(a) FROM t"), as: Int.self) == 3
        )
        try await connection.execute(script: "")
      }
    }
  }

  @Test func `an error says which statement failed and undoes the script`() async throws {
    try await withClient { client in
      try await client.withConnection { connection async throws in
        let error = await #expect(throws: PostgresError.self) {
          try await connection.execute(
            script: "CREATE TABLE t (a int); SELECT 1; SELECT 1 / 0; SELECT 2"
          )
        }
        #expect(error?.sqlState == "22012")
        #expect(error?.statement == 3)
        #expect(
          try await connection.value(
            PostgresQuery("SELECT to_regclass('t') IS NULL"),
            as: Bool.self
          )
        )
        let syntax = await #expect(throws: PostgresError.self) {
          try await connection.execute(script: "SELECT 1;\nSELEC 2")
        }
        #expect(syntax?.position == 11)
      }
    }
  }

  @Test func `a script in a transaction is undone with it`() async throws {
    try await withClient { client async throws in
      await #expect(throws: Refused()) {
        try await client.transaction { transaction in
          try await transaction.execute(script: "CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
          #expect(
            try await transaction.value(PostgresQuery("SELECT count(*) FROM t"), as: Int.self) == 1
          )
          throw Refused()
        }
      }
      #expect(
        try await client.value(PostgresQuery("SELECT to_regclass('t') IS NULL"), as: Bool.self)
      )
    }
  }

  @Test func `COPY in a script or a statement is refused, and the pool goes on`() async throws {
    try await withClient { client in
      await #expect(throws: (any Error).self) {
        try await client.withConnection {
          try await $0.execute(script: "COPY (SELECT 1) TO STDOUT")
        }
      }
      await #expect(throws: (any Error).self) {
        _ = try await client.query(PostgresQuery("COPY (SELECT 1) TO STDOUT"))
      }
      #expect(try await client.value(PostgresQuery("SELECT 1"), as: Int.self) == 1)
      try await eventually { client.statistics.leased == 0 }
    }
  }
}
