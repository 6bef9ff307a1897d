import LocalServers
import Redis
import Synchronization
import SystemPackage

/// GET of a value of 100 bytes, by us over one shared connection and by redis-benchmark with one
/// for each caller, in turn.
struct RedisBenchmark {
  let servers: LocalServers
  let rounds: Rounds

  private static let callers = 64
  /// The key that `redis-benchmark -t get` reads.
  private static let key = "key:__rand_int__"
  private static let valueLength = 100

  func section() async throws -> Report.Section {
    let program = try Program.installed("redis-benchmark")
    let configuration = try RedisConfiguration(url: servers.redisAddress())
    let redis = RedisClient(configuration: configuration)
    try await redis.set(
      Self.key,
      [UInt8](repeating: 0x78, count: Self.valueLength),
      expiry: .seconds(3_600)
    )
    // A first round of each that is not counted fills the caches, grows the buffers, and tells how
    // many requests a round is.
    _ = try await ours(redis, for: .milliseconds(500))
    let calibration = try await limit(program, configuration, requests: 20_000)
    let comparison = try await rounds.compare(
      ours: { try await ours(redis, for: .seconds(rounds.seconds)) },
      limit: {
        try await limit(program, configuration, requests: Int(calibration) * rounds.seconds)
      }
    )
    await redis.close()
    return Report.Section(
      title: "Redis: ours / redis-benchmark -c \(Self.callers)",
      figures: [
        comparison.figure("GET, \(Self.callers) callers", aim: 3, limitName: "redis-benchmark")
      ]
    )
  }

  private func limit(_ program: FilePath, _ configuration: RedisConfiguration, requests: Int)
    async throws -> Double
  {
    let output = try await Program.run(
      program,
      [
        "-h", configuration.host, "-p", "\(configuration.port)", "-c", "\(Self.callers)", "-n",
        "\(requests)", "-t", "get",
        "-d", "\(Self.valueLength)", "-a", configuration.password ?? "", "--csv",
      ]
    )
    // "GET","41666.67","1.300",…
    return try Program.number(after: "\"GET\",\"", in: output)
  }

  /// GETs per second; a call that fails ends the run.
  private func ours(_ redis: RedisClient, for duration: Duration) async throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    let isOver = Flag()
    let count = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<Self.callers {
        group.addTask {
          var count = 0
          while !isOver.isSet {
            guard try await redis.get(Self.key) != nil else {
              throw Program.Failure(description: "\(Self.key) is gone")
            }
            count += 1
          }
          return count
        }
      }
      try await Task.sleep(for: duration)
      isOver.set()
      return try await group.reduce(0, +)
    }
    return Double(count) / start.duration(to: clock.now).seconds
  }
}

/// Tells many tasks to stop.
private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}
