import LocalServers
import Logging
import Postgres
import SystemPackage

/// The prepared SELECT by key of `pgbench -S`, by us and by pgbench, in turn.
///
/// Ours goes the way that the services read by key, a shared connection for several callers'
/// statements (`-- pipelined`), and besides it the way of every other statement, a connection of
/// the pool for each: up to 16 callers have one each, as in pgbench; more share 16.
struct PostgresBenchmark {
  let servers: LocalServers
  let rounds: Rounds

  private static let database = "pgbench"
  /// Rows of pgbench's table at scale 1.
  private static let accounts: UInt64 = 100_000
  /// The largest pool that is faster than a smaller one against a server on the same few cores.
  private static let largestPool = 16

  /// Statements of each of pgbench's clients in the run that tells how many a round is.
  private static let firstStatements = 500

  func section() async throws -> Report.Section {
    let pgbench = try Program.ofPostgreSQL("pgbench")
    let url = try servers.databaseURL(of: Self.database)
    try await servers.runSQL(["CREATE DATABASE \(Self.database)"])
    _ = try await Program.run(pgbench, ["--initialize", "--quiet", "--init-steps=dtgvp", url])
    var figures: [Figure] = []
    for (callers, aim) in [(1, 0.8), (16, 0.95), (64, 1.2)] {
      let client = try client(url, poolSize: min(callers, Self.largestPool))
      for isPipelined in [true, false] {
        // A first round that is not counted opens the connections and prepares the statement on
        // each.
        _ = try await statements(
          client,
          isPipelined: isPipelined,
          callers: callers,
          for: .milliseconds(500)
        )
        let expected = try await limit(
          pgbench,
          url,
          callers: callers,
          statements: Self.firstStatements
        )
        let statementsOfRound = max(1, Int(expected) * rounds.seconds / callers)
        let comparison = try await rounds.compare(
          ours: {
            try await statements(
              client,
              isPipelined: isPipelined,
              callers: callers,
              for: .seconds(rounds.seconds)
            )
          },
          limit: { try await limit(pgbench, url, callers: callers, statements: statementsOfRound) }
        )
        let way = isPipelined ? "shared connections" : "a connection each"
        figures.append(
          comparison.figure(
            "SELECT by key, \(callers) callers, \(way)",
            aim: isPipelined ? aim : nil,
            limitName: "pgbench"
          )
        )
      }
      await client.close()
    }
    return Report.Section(title: "PostgreSQL: ours / pgbench -M prepared -S", figures: figures)
  }

  private func client(_ url: String, poolSize: Int) throws -> PostgresClient {
    var configuration = try PostgresConfiguration(url: url)
    configuration.poolSize = poolSize
    return PostgresClient(configuration: configuration, logger: .silent)
  }

  /// pgbench counts neither its first connections nor, with a number of statements instead of a
  /// time, the time they take.
  private func limit(_ pgbench: FilePath, _ url: String, callers: Int, statements: Int) async throws
    -> Double
  {
    let jobs = min(callers, 2)
    let output = try await Program.run(
      pgbench,
      [
        "--no-vacuum", "--protocol=prepared", "--select-only", "--client=\(callers)",
        "--jobs=\(jobs)",
        "--transactions=\(statements)", url,
      ]
    )
    return try Program.number(after: "tps =", in: output)
  }

  /// Statements per second of `callers` tasks.
  private func statements(
    _ client: PostgresClient,
    isPipelined: Bool,
    callers: Int,
    for duration: Duration
  ) async throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    let count = try await withThrowingTaskGroup(of: Int.self) { group in
      for caller in 0..<callers {
        group.addTask {
          try await Self.statements(
            client,
            isPipelined: isPipelined,
            seed: UInt64(caller),
            until: start + duration
          )
        }
      }
      return try await group.reduce(0, +)
    }
    return Double(count) / start.duration(to: clock.now).seconds
  }

  private static func statements(
    _ client: PostgresClient,
    isPipelined: Bool,
    seed: UInt64,
    until end: ContinuousClock.Instant
  ) async throws -> Int {
    /// Looking at the clock costs little beside this many statements.
    let stride = 16
    var keys = Xorshift(seed: seed)
    var count = 0
    while count % stride != 0 || ContinuousClock.now < end {
      var bindings = PostgresBindings()
      bindings.append(Int32(1 + keys.next() % accounts))
      let query = PostgresQuery("SELECT abalance FROM pgbench_accounts WHERE aid = $1", bindings)
      let rows = try await isPipelined ? client.pipelined(query) : client.query(query)
      guard try rows[0].decode(0, as: Int32.self) == 0 else {
        throw Program.Failure(description: "pgbench_accounts has changed")
      }
      count += 1
    }
    return count
  }
}

/// Random numbers that need to be spread, not secret.
struct Xorshift: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15
  }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
