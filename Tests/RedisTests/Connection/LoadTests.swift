import Redis
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct LoadTests {
  @Test func `ten thousand commands at once pass through a small window`() async throws {
    try await RedisServer().withClient({ $0.maxInFlight = 16 }) { redis in
      let replies = try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<10_000 {
          group.addTask {
            try await redis.send(RedisCommand("ECHO", .init(index))).text == "\(index)"
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(replies == 10_000)
    }
  }

  @Test
  func
    `of ten thousand commands at once a small queue refuses what it can't hold, and serves the rest`()
    async throws
  {
    let server = try await RedisServer()
    server.suspend()
    try await server.withClient({ $0.maxPending = 100 }) { redis in
      let refused = Tally()
      let served = Tally()
      try await withThrowingTaskGroup { group in
        for index in 0..<10_000 {
          group.addTask {
            do {
              let reply = try await redis.send(RedisCommand("ECHO", .init(index))).text
              #expect(reply == "\(index)")
              served.increase()
            } catch RedisError.overloaded {
              refused.increase()
            }
          }
        }
        try await wait { refused.count == 9_900 }
        server.resume()
        try await group.waitForAll()
      }
      #expect(served.count == 100 && refused.count == 9_900)
    }
  }

  @Test func `commands that are cancelled on their way leave the others their own replies`()
    async throws
  {
    let server = try await RedisServer()
    try await server.withClient { redis in
      try await redis.ping()
      server.suspend()
      let tasks = (0..<1_000).map { index in
        Task { try await redis.send(RedisCommand("ECHO", .init(index))).text == "\(index)" }
      }
      for index in stride(from: 0, to: 1_000, by: 3) { tasks[index].cancel() }
      for index in stride(from: 0, to: 1_000, by: 3) {
        await #expect(throws: CancellationError.self) { try await tasks[index].value }
      }
      server.resume()
      for index in 0..<1_000 where index % 3 != 0 { #expect(try await tasks[index].value) }
    }
  }

  @Test func `a call of a cancelled task is not made`() async throws {
    try await RedisServer().withClient { redis in
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await redis.increment("n")
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      try await redis.ping()
      #expect(try await redis.get("n") == nil)
    }
  }

  @Test func `a command has its own deadline, and its late reply is nobody else's`() async throws {
    let server = try await RedisServer()
    try await server.withClient { redis in
      try await redis.ping()
      server.suspend()
      await #expect(throws: RedisError.deadlineExceeded(sent: true)) {
        try await redis.send(RedisCommand("ECHO", "late"), deadline: .milliseconds(50))
      }
      async let next = redis.send(RedisCommand("ECHO", "next"))
      server.resume()
      #expect(try await next.text == "next")
    }
  }

  @Test func `a server that does not answer any more is given up, and had again once it does`()
    async throws
  {
    let server = try await RedisServer()
    try await server.withClient({ $0.commandTimeout = .milliseconds(100) }) { redis in
      try await retryUntilSuccess { try await redis.ping() }
      server.suspend()
      // The first waits on the old connection; once that is given up, the others wait for a new
      // one.
      await #expect(throws: RedisError.deadlineExceeded(sent: true)) { try await redis.ping() }
      var last: RedisError?
      while last?.mayHaveRun != false {
        do { try await redis.ping() } catch let error as RedisError { last = error }
      }
      server.resume()
      try await retryUntilSuccess { try await redis.ping() }
    }
  }

  @Test
  func `a server that is killed under load costs errors, and once it is back everything works`()
    async throws
  {
    let server = try await RedisServer()
    try await server.withClient({ $0.connections = 2 }) { redis in
      let stop = Tally()
      let successes = Tally()
      let failures = Tally()
      let mismatches = Tally()
      try await withThrowingTaskGroup { group in
        for worker in 0..<64 {
          group.addTask {
            var round = 0
            while stop.count == 0 {
              round += 1
              let text = "\(worker)-\(round)"
              do {
                let reply = try await redis.send(
                  RedisCommand("ECHO", .text(text)),
                  deadline: .seconds(5)
                ).text
                if reply != text { mismatches.increase() }
                successes.increase()
              } catch RedisError.connectionLost {
                failures.increase()
              } catch {
                // No caller is left, so that the test would wait in vain.
                Issue.record(error)
                throw error
              }
            }
          }
        }
        for round in 0..<3 {
          try await wait { successes.count > 500 }
          if round == 0 {
            // Held up first, it dies with every caller's command unanswered. Otherwise the last
            // replies may be read with the end of the connection, and then nothing fails.
            server.suspend()
            try await Task.sleep(for: .milliseconds(200))
          }
          server.kill9()
          try await Task.sleep(for: .milliseconds(100))
          try await server.start()
          successes.reset()
        }
        try await wait { successes.count > 500 }
        stop.increase()
        try await group.waitForAll()
      }
      #expect(mismatches.count == 0 && failures.count > 0)
    }
  }
}

/// Tries again, a little later, until it works.
func retryUntilSuccess(_ body: () async throws -> Void) async throws {
  while true {
    do { return try await body() } catch is RedisError {
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}

/// Waits until the condition holds; the suite's time limit ends a wait that is in vain.
func wait(until condition: () -> Bool) async throws {
  while !condition() { try await Task.sleep(for: .milliseconds(5)) }
}

/// A number that many tasks increase.
final class Tally: Sendable {
  private let value = Atomic(0)

  var count: Int { value.load(ordering: .relaxed) }
  func increase() { value.add(1, ordering: .relaxed) }
  func reset() { value.store(0, ordering: .relaxed) }
}
