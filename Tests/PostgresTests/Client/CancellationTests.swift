import Testing

@testable import Postgres

@Suite struct CancellationTests {
  @Test func `a cancelled task can still undo what it did to its session`() async throws {
    try await withClient({ $0.poolSize = 1 }) { client in
      let sleeping = Counter()
      let task = Task {
        try await client.withConnection { connection in
          do {
            #expect(try await connection.tryAdvisoryLock(7))
            try await connection.execute(script: "SET statement_timeout = 0; BEGIN")
            sleeping.add()
            _ = try await connection.query(PostgresQuery("SELECT pg_sleep(600)"))
          } catch {
            try await connection.cleanUp(script: "ROLLBACK")
            try await connection.cleanUp(
              script: "RESET statement_timeout; SELECT pg_advisory_unlock_all()"
            )
            throw error
          }
        }
      }
      try await eventually { sleeping.value == 1 }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(
        try await client.value(PostgresQuery("SHOW statement_timeout"), as: String.self) == "30s"
      )
      let locks =
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
      #expect(try await client.value(PostgresQuery(locks), as: Int.self) == 0)
    }
  }

  private static let sleep = PostgresQuery("SELECT pg_sleep(600)")

  private func sleepers(_ client: PostgresClient) async throws -> Int {
    try await client.value(
      PostgresQuery(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'SELECT pg_sleep%'"
      )
    )
  }

  @Test func `a cancelled statement is stopped on the server and its connection used again`()
    async throws
  {
    try await withClient({ $0.poolSize = 2 }) { client in
      let pids = try await client.query(PostgresQuery("SELECT pg_backend_pid()")).first?.decode(
        0,
        as: Int.self
      )
      let task = Task { _ = try await client.query(Self.sleep) }
      try await eventually { try await sleepers(client) == 1 }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      try await eventually { try await sleepers(client) == 0 }
      try await eventually { client.statistics.leased == 0 }
      #expect(client.statistics.idle == 2)
      #expect(pids != nil)
    }
  }

  @Test func `a statement past its deadline is stopped, and the lent connection goes on`()
    async throws
  {
    try await withClient { client in
      try await client.withConnection { connection async throws in
        let before = connection.processID
        await #expect(throws: PostgresClientError.deadlineExceeded) {
          _ = try await connection.query(Self.sleep, deadline: .milliseconds(50))
        }
        // It waits behind the cancelled one.
        #expect(
          try await connection.value(PostgresQuery("SELECT pg_backend_pid()"), as: Int32.self)
            == before
        )
        for _ in 0..<20 {
          await #expect(throws: PostgresClientError.deadlineExceeded) {
            _ = try await connection.query(Self.sleep, deadline: .milliseconds(5))
          }
          // A late cancel request must not hit the statement after.
          #expect(
            try await connection.value(PostgresQuery("SELECT 7 FROM pg_sleep(0.002)"), as: Int.self)
              == 7
          )
        }
      }
    }
  }

  @Test func `a task that is cancelled already asks nothing`() async throws {
    try await withClient { client in
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        _ = try await client.query(PostgresQuery("SELECT 1"))
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(client.statistics == PostgresPoolStatistics())
    }
  }

  @Test func `a pipelined call that is given up drops its result, and the others get theirs`()
    async throws
  {
    try await withClient({ $0.pipelinedConnections = 1 }) { client in
      _ = try await client.pipelined(PostgresQuery("SELECT 1"))
      async let late: Void = {
        await #expect(throws: PostgresClientError.deadlineExceeded) {
          _ = try await client.pipelined(
            PostgresQuery("SELECT pg_sleep(1)"),
            deadline: .milliseconds(30)
          )
        }
      }()
      async let after = client.pipelined(PostgresQuery("SELECT 5")).first?.decode(0, as: Int.self)
      await late
      #expect(try await after == 5)
      #expect(
        try await client.pipelined(PostgresQuery("SELECT 6")).first?.decode(0, as: Int.self) == 6
      )
    }
  }

  @Test func `the server's statement timeout is set on every connection`() async throws {
    try await withClient({
      ($0.statementTimeout, $0.idleInTransactionTimeout) = (.milliseconds(100), .seconds(7))
    }) {
      client async throws in
      let error = await #expect(throws: PostgresError.self) {
        _ = try await client.query(Self.sleep)
      }
      #expect(error?.isCancelled == true)
      #expect(
        try await client.value(
          PostgresQuery("SHOW idle_in_transaction_session_timeout"),
          as: String.self
        ) == "7s"
      )
      #expect(
        try await client.value(PostgresQuery("SHOW application_name"), as: String.self) == "helium"
      )
    }
  }

  @Test func `a transaction left idle is ended by the server and reported as such`() async throws {
    try await withClient({ $0.idleInTransactionTimeout = .milliseconds(100) }) { client in
      let error = await #expect(throws: (any Error).self) {
        try await client.transaction { transaction in
          _ = try await transaction.query(PostgresQuery("SELECT 1"))
          try await eventually {
            try await client.value(
              PostgresQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = $1",
                transaction.processID
              ),
              as: Int.self
            ) == 0
          }
          _ = try await transaction.query(PostgresQuery("SELECT 2"))
        }
      }
      #expect(
        (error as? PostgresError)?.isConnectionFailure ?? (error as? PostgresClientError)?
          .isConnectionFailure ?? false
      )
    }
  }

  @Test func `closing while statements run ends them all`() async throws {
    try await withClient { client in
      await withTaskGroup(of: Bool.self) { group in
        for number in 0..<30 {
          group.addTask {
            do {
              _ =
                number % 3 == 0
                ? try await client.pipelined(Self.sleep) : try await client.query(Self.sleep)
              return false
            } catch { return error as? PostgresClientError == .closed }
          }
        }
        while client.statistics.leased < client.configuration.poolSize { await Task.yield() }
        await client.close()
        for await isRight in group { #expect(isRight) }
      }
      #expect(client.statistics == PostgresPoolStatistics())
    }
  }
}
