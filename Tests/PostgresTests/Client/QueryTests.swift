import Testing

@testable import Postgres

@Suite struct QueryTests {
  @Test func `a client that was just made answers`() async throws {
    try await withClient { client async throws in
      #expect(try await client.value(PostgresQuery("SELECT $1 + 1", 41)) == 42)
      #expect(try await client.value(PostgresQuery("SELECT 1", prepared: false), as: Int.self) == 1)
    }
  }

  @Test func `affected rows and command tags`() async throws {
    try await withClient { client in
      _ = try await client.query(PostgresQuery("CREATE TABLE t (a int)"))
      #expect(
        try await client.query(PostgresQuery("INSERT INTO t SELECT generate_series(1, 5)")).affected
          == 5
      )
      #expect(try await client.query(PostgresQuery("UPDATE t SET a = 0 WHERE a > 3")).affected == 2)
      let rows = try await client.query(PostgresQuery("SELECT a FROM t ORDER BY a"))
      #expect(try rows.map { try $0.decode(0, as: Int.self) } == [0, 0, 1, 2, 3])
      #expect(rows.commandTag == "SELECT 5")
      #expect(try await client.query(PostgresQuery("DROP TABLE t")).affected == 0)
      #expect(try await client.query(PostgresQuery("")).isEmpty)
    }
  }

  @Test func `a large answer arrives whole`() async throws {
    try await withClient { client in
      let rows = try await client.query(
        PostgresQuery("SELECT i, repeat('x', 100) FROM generate_series(1, 200000) i")
      )
      #expect(rows.count == 200_000)
      #expect(try rows.last?.decode(0, as: Int.self) == 200_000)
    }
  }

  @Test func `an error carries the server's fields`() async throws {
    try await withClient { client in
      _ = try await client.query(
        PostgresQuery(
          "CREATE TABLE t (a int CONSTRAINT positive CHECK (a > 0), b int CONSTRAINT t_key UNIQUE)"
        )
      )
      let check = await #expect(throws: PostgresError.self) {
        _ = try await client.query(PostgresQuery("INSERT INTO t VALUES (0)"))
      }
      #expect(check?.isCheckViolation == true)
      #expect(check?.table == "t")
      #expect(check?.constraint == "positive")
      #expect(check?.query == "INSERT INTO t VALUES (0)")
      _ = try await client.query(PostgresQuery("INSERT INTO t VALUES (1, 1)"))
      let unique = await #expect(throws: PostgresError.self) {
        _ = try await client.query(PostgresQuery("INSERT INTO t VALUES (1, 1)"))
      }
      #expect(unique?.isUniqueViolation == true)
      #expect(unique?.detail == "Key (b)=(1) already exists.")
      let syntax = await #expect(throws: PostgresError.self) {
        _ = try await client.query(PostgresQuery("SELEC 1"))
      }
      #expect(syntax?.sqlState == "42601")
      #expect(syntax?.position == 1)
      // The connection is none the worse.
      #expect(try await client.value(PostgresQuery("SELECT count(*) FROM t"), as: Int.self) == 1)
      #expect(client.statistics.leased == 0)
    }
  }

  @Test func `what a log is told of an error quotes no row`() async throws {
    try await withClient { client in
      _ = try await client.query(
        PostgresQuery("CREATE TABLE t (email text UNIQUE, a int CHECK (a > 0))")
      )
      _ = try await client.query(PostgresQuery("INSERT INTO t VALUES ('anna@example.org', 1)"))
      for number in [0, 1] {
        let error = await #expect(throws: PostgresError.self) {
          _ = try await client.query(
            PostgresQuery("INSERT INTO t VALUES ($1, $2)", "anna@example.org", number)
          )
        }
        #expect(error?.detail?.contains("anna@example.org") == true)
        #expect(error.map { "\($0)" }?.contains("anna") == false)
      }
    }
  }

  @Test func `an error at commit, of a deferred constraint, is thrown`() async throws {
    try await withClient { client in
      _ = try await client.query(
        PostgresQuery("CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
      )
      for run in [client.query, client.pipelined] {
        let error = await #expect(throws: PostgresError.self) {
          _ = try await run(PostgresQuery("INSERT INTO t VALUES (1), (1)"), nil)
        }
        #expect(error?.isUniqueViolation == true)
        #expect(try await run(PostgresQuery("SELECT 1"), nil).count == 1)
      }
    }
  }

  @Test func `a statement whose table was altered is prepared again`() async throws {
    try await withClient { client in
      _ = try await client.query(PostgresQuery("CREATE TABLE t (a int)"))
      let select = PostgresQuery("SELECT * FROM t")
      _ = try await client.query(select)
      _ = try await client.pipelined(select)
      _ = try await client.query(PostgresQuery("ALTER TABLE t ADD b int"))
      #expect(try await client.query(select).columnCount == 2)
      #expect(try await client.pipelined(select).columnCount == 2)
      _ = try await client.query(PostgresQuery("DEALLOCATE ALL"))
      #expect(try await client.query(select).columnCount == 2)
    }
  }

  @Test func `a transaction whose statement went stale is run again`() async throws {
    try await withClient({ $0.poolSize = 1 }) { client in
      _ = try await client.query(PostgresQuery("CREATE TABLE t (a int)"))
      _ = try await client.query(PostgresQuery("SELECT * FROM t"))
      _ = try await client.query(PostgresQuery("ALTER TABLE t ADD b int"))
      #expect(
        try await client.transaction {
          try await $0.query(PostgresQuery("SELECT * FROM t")).columnCount
        } == 2
      )
    }
  }

  @Test func `more statements than are kept prepared all work`() async throws {
    try await withClient({ ($0.preparedStatements, $0.poolSize) = (3, 1) }) { client in
      for round in 0..<3 {
        for number in 0..<10 {
          let sum = try await client.value(
            PostgresQuery("SELECT $1 + \(number)", round),
            as: Int.self
          )
          #expect(sum == round + number)
        }
      }
      #expect(
        try await client.value(
          PostgresQuery("SELECT count(*) FROM pg_prepared_statements", prepared: false),
          as: Int.self
        ) == 3
      )
    }
  }

  @Test func `pipelined statements from many tasks each get their own answer`() async throws {
    try await withClient { client in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<500 {
          group.addTask {
            if number % 7 == 0 {
              do {
                _ = try await client.pipelined(PostgresQuery("SELECT 1 / ($1 - $1)", number))
              } catch let error as PostgresError {
                return error.sqlState == "22012"
              }
              return false
            }
            return try await client.pipelined(PostgresQuery("SELECT $1", number)).first?.decode(
              0,
              as: Int.self
            ) == number
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
      #expect((1...client.configuration.pipelinedConnections).contains(client.statistics.pipelined))
    }
  }

  @Test
  func
    `a statement that opens a transaction on a shared connection costs that connection and no other`()
    async throws
  {
    try await withClient({ $0.pipelinedConnections = 1 }) { client in
      let first = try await client.pipelined(PostgresQuery("SELECT pg_backend_pid()")).first?
        .decode(0, as: Int.self)
      _ = try await client.pipelined(PostgresQuery("BEGIN"))
      let second = try await client.pipelined(PostgresQuery("SELECT pg_backend_pid()")).first?
        .decode(0, as: Int.self)
      #expect(first != second)
    }
  }

  @Test func `a transaction that a lent connection is left in is rolled back`() async throws {
    try await withClient({ $0.poolSize = 1 }) { client in
      _ = try await client.query(PostgresQuery("CREATE TABLE t (a int)"))
      try await client.withConnection { connection in
        _ = try await connection.query(PostgresQuery("BEGIN"))
        _ = try await connection.query(PostgresQuery("INSERT INTO t VALUES (1)"))
      }
      #expect(try await client.value(PostgresQuery("SELECT count(*) FROM t"), as: Int.self) == 0)
      _ = try await client.query(PostgresQuery("BEGIN"))
      _ = try await client.query(PostgresQuery("INSERT INTO t VALUES (2)"))
      try await client.withConnection { _ = try await $0.query(PostgresQuery("ROLLBACK")) }
      #expect(try await client.value(PostgresQuery("SELECT count(*) FROM t"), as: Int.self) == 1)
    }
  }

  @Test func `a connection is no use after it was given back`() async throws {
    try await withClient { client in
      let kept = try await client.withConnection { $0 }
      await #expect(throws: PostgresClientError.connectionReturned) {
        _ = try await kept.query(PostgresQuery("SELECT 1"))
      }
    }
  }

  @Test func `a closed client refuses`() async throws {
    try await withClient { client in
      _ = try await client.query(PostgresQuery("SELECT 1"))
      await client.close()
      await #expect(throws: PostgresClientError.closed) {
        _ = try await client.query(PostgresQuery("SELECT 1"))
      }
      await #expect(throws: PostgresClientError.closed) {
        _ = try await client.pipelined(PostgresQuery("SELECT 1"))
      }
    }
  }

  @Test func `session locks are exclusive`() async throws {
    try await withClient { client in
      try await client.withConnection { first in
        #expect(try await first.tryAdvisoryLock(7))
        try await client.withConnection { second in
          #expect(try await !second.tryAdvisoryLock(7))
          #expect(try await first.releaseAdvisoryLock(7))
          try await second.advisoryLock(7)
          #expect(try await second.releaseAdvisoryLock(7))
        }
      }
    }
  }
}
