import Redis
import Synchronization

/// What a run of ``redisBenchmark(url:callers:seconds:)`` has measured.
struct RedisBenchmarkResult: Sendable {
  /// GETs answered each second, over all callers.
  let operationsPerSecond: Double
  /// Calls that threw.
  let failures: Int
}

/// Reads one key of 100 bytes from many tasks at once, each waiting for its reply before the next, over one shared connection. Compare with
/// `redis-benchmark -c <callers> -t get -d 100`, which has a connection for each.
func redisBenchmark(url: String, callers: Int = 64, seconds: Int = 3) async throws -> RedisBenchmarkResult {
  let redis = RedisClient(configuration: try RedisConfiguration(url: url))
  let value = [UInt8](repeating: 0x78, count: 100)
  try await redis.set("benchmark:value", value, expiry: .seconds(600))
  // A first round that is not counted fills the caches and grows the buffers.
  _ = await rounds(redis, callers: callers, duration: .milliseconds(300))
  let clock = ContinuousClock()
  let start = clock.now
  let (operations, failures) = await rounds(redis, callers: callers, duration: .seconds(seconds))
  let elapsed = (clock.now - start) / .seconds(1)
  await redis.close()
  return RedisBenchmarkResult(operationsPerSecond: Double(operations) / elapsed, failures: failures)
}

private func rounds(_ redis: RedisClient, callers: Int, duration: Duration) async -> (operations: Int, failures: Int) {
  let isOver = Flag()
  return await withTaskGroup(of: (Int, Int).self) { group in
    for _ in 0..<callers {
      group.addTask {
        var (operations, failures) = (0, 0)
        while !isOver.isSet {
          do {
            _ = try await redis.get("benchmark:value")
            operations += 1
          } catch {
            failures += 1
          }
        }
        return (operations, failures)
      }
    }
    try? await Task.sleep(for: duration)
    isOver.set()
    return await group.reduce(into: (0, 0)) { $0 = ($0.0 + $1.0, $0.1 + $1.1) }
  }
}

/// Tells many tasks to stop.
private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}
