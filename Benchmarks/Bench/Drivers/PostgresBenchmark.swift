import Logging
import Postgres
import Synchronization

/// The statement of `pgbench -S`, prepared, by `callers` tasks for `seconds`; returns statements per second.
///
/// The database must have been filled by `pgbench -i`; `accounts` is the number of rows in `pgbench_accounts`. Up to 16 callers have a
/// connection each, as in pgbench; more wait for their turn, which is what a pool is for. With `pipelined` they share a few instead.
func postgresBenchmark(
  url: String, callers: Int, seconds: Double, accounts: Int = 100_000, pipelined: Bool = false
) async throws -> Double {
  var configuration = try PostgresConfiguration(url: url)
  configuration.poolSize = min(callers, 16)
  let client = PostgresClient(configuration: configuration, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
  // Connections are opened and the statement is prepared on each before the clock starts.
  try await statements(client, callers: callers, for: .milliseconds(300), accounts: accounts, pipelined: pipelined)
  let clock = ContinuousClock()
  let start = clock.now
  let count = try await statements(client, callers: callers, for: .seconds(seconds), accounts: accounts, pipelined: pipelined)
  let elapsed = clock.now - start
  await client.close()
  return Double(count) / (Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18)
}

@discardableResult
private func statements(
  _ client: PostgresClient, callers: Int, for duration: Duration, accounts: Int, pipelined: Bool
) async throws -> Int {
  try await withThrowingTaskGroup(of: Int.self) { group in
    let end = ContinuousClock.now + duration
    for caller in 0..<callers {
      group.addTask {
        var state = UInt64(caller &+ 1) &* 0x9E37_79B9_7F4A_7C15
        var count = 0
        var sum = 0
        while count % 16 != 0 || ContinuousClock.now < end {
          // xorshift: the keys need to be spread, not secret.
          state ^= state << 13
          state ^= state >> 7
          state ^= state << 17
          var bindings = PostgresBindings()
          bindings.append(Int32(1 + state % UInt64(accounts)))
          let query = PostgresQuery("SELECT abalance FROM pgbench_accounts WHERE aid = $1", bindings)
          let rows = pipelined ? try await client.pipelined(query) : try await client.query(query)
          sum &+= try rows[0].decode(0, as: Int.self)
          count += 1
        }
        return sum == .min ? 0 : count
      }
    }
    var total = 0
    for try await count in group { total += count }
    return total
  }
}
