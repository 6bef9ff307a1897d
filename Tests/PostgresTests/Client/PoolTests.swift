import ServiceLifecycle
import Testing

@testable import Postgres

@Suite struct PoolTests {
  @Test func `two hundred callers on four connections all get their turn`() async throws {
    try await withClient({ ($0.poolSize, $0.acquireTimeout) = (4, .seconds(60)) }) { client in
      let inside = Counter()
      let most = Counter()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<200 {
          group.addTask {
            try await client.withConnection { connection in
              let now = inside.add()
              most.raise(to: now)
              _ = try await connection.query(PostgresQuery("SELECT pg_sleep(0.002)"))
              inside.add(-1)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(most.value <= 4)
      #expect(client.statistics == PostgresPoolStatistics(idle: 4))
    }
  }

  @Test func `two hundred callers of an exhausted pool time out cleanly, and nothing leaks`()
    async throws
  {
    try await withClient({ ($0.poolSize, $0.acquireTimeout) = (2, .milliseconds(200)) }) { client in
      // Connecting may take longer than that.
      try await eventually {
        (try? await client.withConnection { _ in try await client.withConnection { _ in } }) != nil
      }
      try await client.withConnection { _ in
        try await client.withConnection { _ in
          await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
              group.addTask {
                do {
                  if number.isMultiple(of: 2) {
                    _ = try await client.query(PostgresQuery("SELECT 1"))
                  } else {
                    try await client.transaction { _ in }
                  }
                  return false
                } catch { return error as? PostgresClientError == .poolExhausted }
              }
            }
            for await isRight in group { #expect(isRight) }
          }
          #expect(client.statistics == PostgresPoolStatistics(leased: 2))
        }
      }
      #expect(client.statistics == PostgresPoolStatistics(idle: 2))
      #expect(try await client.value(PostgresQuery("SELECT 1"), as: Int.self) == 1)
    }
  }

  @Test func `callers beyond the waiting room are refused at once`() async throws {
    try await withClient({ ($0.poolSize, $0.maxWaiters) = (1, 1) }) { client in
      try await client.withConnection { connection in
        let waiting = Task { try await client.value(PostgresQuery("SELECT 1"), as: Int.self) }
        try await eventually { client.statistics.waiting == 1 }
        await #expect(throws: PostgresClientError.poolExhausted) {
          _ = try await client.query(PostgresQuery("SELECT 1"))
        }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { _ = try await waiting.value }
        #expect(client.statistics == PostgresPoolStatistics(leased: 1))
        _ = connection
      }
    }
  }

  @Test func `callers are served in the order in which they came`() async throws {
    try await withClient({ ($0.poolSize, $0.acquireTimeout) = (1, .seconds(60)) }) { client in
      let order = Record<Int>()
      try await withThrowingTaskGroup(of: Void.self) { group in
        try await client.withConnection { _ in
          for number in 0..<20 {
            group.addTask { try await client.withConnection { _ in order.append(number) } }
            try await eventually { client.statistics.waiting == number + 1 }
          }
        }
        try await group.waitForAll()
      }
      #expect(order.elements == Array(0..<20))
    }
  }

  @Test func `callers that are cancelled at random leave the pool whole`() async throws {
    try await withClient({ ($0.poolSize, $0.acquireTimeout) = (3, .seconds(60)) }) { client in
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<150 {
          group.addTask {
            let task = Task {
              switch number % 3 {
              case 0: _ = try await client.query(PostgresQuery("SELECT pg_sleep(0.003)"))
              case 1:
                try await client.transaction {
                  _ = try await $0.query(PostgresQuery("SELECT pg_sleep(0.003)"))
                }
              default: _ = try await client.pipelined(PostgresQuery("SELECT pg_sleep(0.003)"))
              }
            }
            try? await Task.sleep(for: .microseconds(Int.random(in: 0...30_000)))
            task.cancel()
            _ = await task.result
          }
        }
      }
      try await eventually {
        client.statistics.leased == 0 && client.statistics.waiting == 0
          && client.statistics.connecting == 0
      }
      for number in 0..<20 {
        #expect(try await client.value(PostgresQuery("SELECT $1", number)) == number)
        #expect(
          try await client.pipelined(PostgresQuery("SELECT $1", number)).first?.decode(
            0,
            as: Int.self
          ) == number
        )
      }
    }
  }

  @Test func `connections past their lifetime are replaced`() async throws {
    try await withClient({ ($0.poolSize, $0.maxLifetime) = (1, .milliseconds(100)) }) { client in
      let first = try await client.value(PostgresQuery("SELECT pg_backend_pid()"), as: Int.self)
      try await eventually { client.statistics.idle == 0 }
      #expect(
        try await client.value(PostgresQuery("SELECT pg_backend_pid()"), as: Int.self) != first
      )
    }
  }

  @Test func `unused connections are checked and then closed`() async throws {
    try await withClient({
      ($0.idleCheck, $0.idleTimeout) = (.milliseconds(20), .milliseconds(300))
    }) { client in
      _ = try await client.query(PostgresQuery("SELECT 1"))
      try await eventually { client.statistics == PostgresPoolStatistics() }
      #expect(try await client.value(PostgresQuery("SELECT 1"), as: Int.self) == 1)
    }
  }

  @Test func `a service that shuts down lets its calls finish and takes no others`() async throws {
    try await withClient { client in
      let group = ServiceGroup(
        configuration: .init(services: [.init(service: client)], logger: quiet)
      )
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let stopping = Counter()
        let running = Task {
          try await client.withConnection { connection in
            try await eventually { stopping.value > 0 }
            return try await connection.value(PostgresQuery("SELECT 5"), as: Int.self)
          }
        }
        try await eventually { client.statistics.leased == 1 }
        await group.triggerGracefulShutdown()
        stopping.add()
        #expect(try await running.value == 5)
        try await tasks.waitForAll()
      }
      #expect(client.statistics == PostgresPoolStatistics())
      await #expect(throws: PostgresClientError.closed) {
        _ = try await client.query(PostgresQuery("SELECT 1"))
      }
    }
  }
}
