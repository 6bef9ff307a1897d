import Testing

@testable import Postgres

@Suite struct TransactionTests {
  private func withTable<R>(_ body: (PostgresClient) async throws -> R) async throws -> R {
    try await withClient { client in
      _ = try await client.query(
        PostgresQuery("CREATE TABLE t (a int PRIMARY KEY, n int NOT NULL DEFAULT 0)")
      )
      return try await body(client)
    }
  }

  private func count(_ client: PostgresClient) async throws -> Int {
    try await client.value(PostgresQuery("SELECT count(*) FROM t"))
  }

  @Test func `a body that returns commits`() async throws {
    try await withTable { client in
      let isolation: String = try await client.transaction(isolation: .serializable) {
        transaction in
        _ = try await transaction.query(PostgresQuery("INSERT INTO t VALUES (1)"))
        return try await transaction.value(PostgresQuery("SHOW transaction_isolation"))
      }
      #expect(isolation == "serializable")
      #expect(try await count(client) == 1)
    }
  }

  @Test func `a body that throws rolls back, and its locks are free when the error arrives`()
    async throws
  {
    try await withTable { client in
      await #expect(throws: Refused()) {
        try await client.transaction { transaction in
          _ = try await transaction.query(PostgresQuery("INSERT INTO t VALUES (1)"))
          throw Refused()
        }
      }
      try await client.transaction {
        _ = try await $0.query(PostgresQuery("LOCK TABLE t IN ACCESS EXCLUSIVE MODE NOWAIT"))
      }
      #expect(try await count(client) == 0)
    }
  }

  @Test func `a body without statements needs no round trip`() async throws {
    try await withTable { client async throws in
      #expect(try await client.transaction { _ in 5 } == 5)
      #expect(client.statistics.leased == 0)
    }
  }

  @Test func `a commit that can't commit is an error`() async throws {
    try await withTable { client async throws in
      await #expect(throws: PostgresClientError.transactionAborted) {
        try await client.transaction { transaction in
          _ = try await transaction.query(PostgresQuery("INSERT INTO t VALUES (1)"))
          _ = try? await transaction.query(PostgresQuery("SELECT 1 / 0"))
        }
      }
      #expect(try await count(client) == 0)
    }
  }

  @Test func `the first statement's error leaves nothing behind`() async throws {
    try await withTable { client async throws in
      let error = await #expect(throws: PostgresError.self) {
        try await client.transaction { _ = try await $0.query(PostgresQuery("SELECT nonsense")) }
      }
      #expect(error?.sqlState == "42703")
      #expect(
        try await client.value(
          PostgresQuery(
            "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()"
          ),
          as: Int.self
        )
          == 0
      )
    }
  }

  @Test func `transactions that can't both have happened are run again until they have`()
    async throws
  {
    try await withTable { client in
      _ = try await client.query(PostgresQuery("INSERT INTO t VALUES (1)"))
      let attempts = Counter()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            try await client.transaction(isolation: .serializable, retries: 50) { transaction in
              let n: Int = try await transaction.value(PostgresQuery("SELECT n FROM t WHERE a = 1"))
              attempts.add()
              // All have read before one writes.
              try await eventually { attempts.value >= 4 }
              _ = try await transaction.query(
                PostgresQuery("UPDATE t SET n = $1 WHERE a = 1", Int32(n + 1))
              )
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await client.value(PostgresQuery("SELECT n FROM t"), as: Int.self) == 4)
      #expect(attempts.value > 4)
    }
  }

  @Test func `without retries the conflict is the caller's`() async throws {
    try await withTable { client in
      _ = try await client.query(PostgresQuery("INSERT INTO t VALUES (1)"))
      let error = await #expect(throws: PostgresError.self) {
        try await client.transaction(isolation: .repeatableRead, retries: 0) { transaction in
          _ = try await transaction.query(PostgresQuery("SELECT n FROM t"))
          _ = try await client.query(PostgresQuery("UPDATE t SET n = 5"))
          _ = try await transaction.query(PostgresQuery("UPDATE t SET n = 6"))
        }
      }
      #expect(error?.isSerializationFailure == true)
    }
  }

  @Test func `a deadlock is resolved by running one of the two again`() async throws {
    try await withTable { client in
      _ = try await client.query(PostgresQuery("INSERT INTO t VALUES (1), (2)"))
      let bothHold = Counter()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for order in [[1, 2], [2, 1]] {
          group.addTask {
            try await client.transaction { transaction in
              _ = try await transaction.query(
                PostgresQuery("UPDATE t SET n = n + 1 WHERE a = $1", order[0])
              )
              bothHold.add()
              try await eventually { bothHold.value >= 2 }
              _ = try await transaction.query(
                PostgresQuery("UPDATE t SET n = n + 1 WHERE a = $1", order[1])
              )
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await client.value(PostgresQuery("SELECT sum(n) FROM t"), as: Int.self) == 4)
    }
  }

  @Test func `a connection that ends inside a transaction is an error, and the pool recovers`()
    async throws
  {
    try await withTable { client in
      let error = await #expect(throws: (any Error).self) {
        try await client.transaction { transaction in
          _ = try await transaction.query(PostgresQuery("INSERT INTO t VALUES (1)"))
          _ = try await client.query(
            PostgresQuery("SELECT pg_terminate_backend($1)", transaction.processID)
          )
          _ = try await transaction.query(PostgresQuery("INSERT INTO t VALUES (2)"))
        }
      }
      #expect(
        (error as? PostgresError)?.isConnectionFailure ?? (error as? PostgresClientError)?
          .isConnectionFailure ?? false
      )
      #expect(try await count(client) == 0)
      try await eventually { client.statistics.leased == 0 }
    }
  }

  @Test func `a cancelled transaction is rolled back, also in the middle of a statement`()
    async throws
  {
    try await withTable { client in
      let task = Task {
        try await client.transaction { transaction in
          _ = try await transaction.query(PostgresQuery("INSERT INTO t VALUES (1)"))
          _ = try await transaction.query(PostgresQuery("SELECT pg_sleep(600)"))
        }
      }
      try await eventually {
        try await client.value(
          PostgresQuery(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
          ),
          as: Int.self
        )
          == 1
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      // It is cleaned in the background; its lock on the row goes with it.
      _ = try await client.query(PostgresQuery("INSERT INTO t VALUES (1)"))
      try await eventually { client.statistics.leased == 0 }
    }
  }
}
