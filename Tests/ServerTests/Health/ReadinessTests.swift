import Synchronization
import Testing

@testable import Server

@Suite struct ReadinessTests {
  private struct Broken: Error, CustomStringConvertible {
    var description = "Connection refused"
  }

  @Test func `every part answers, and the worker is ready`() async {
    let readiness = Readiness([.init("database") {}, .init("redis") {}])
    #expect(await readiness.report() == Readiness.Report(failures: [:]))
    #expect(await readiness.report().isReady)
  }

  @Test func `each part that fails is named with what it said`() async {
    let readiness = Readiness([
      .init("database") { throw Broken() }, .init("redis") {}, .init("rabbitmq") { throw Broken() },
    ])
    let report = await readiness.report()
    #expect(!report.isReady)
    #expect(
      report.failures == ["database": "Connection refused", "rabbitmq": "Connection refused"]
    )
  }

  @Test func `a part that doesn't answer has failed`() async {
    let readiness = Readiness([
      .init("database") { try await Task.sleep(for: .seconds(3_600)) }, .init("redis") {},
    ])
    #expect(await readiness.report().failures.keys.sorted() == ["database"])
  }

  @Test func `a worker that drains is not ready, and asks nobody`() async {
    let pings = Mutex(0)
    let readiness = Readiness([.init("database") { pings.withLock { $0 += 1 } }])
    await readiness.drain()
    #expect(await readiness.report().failures == ["worker": "draining"])
    #expect(pings.withLock { $0 } == 0)
  }

  @Test func `answers older than a second are asked for again`() async throws {
    let isBroken = Mutex(false)
    let readiness = Readiness([
      .init("database") { if isBroken.withLock({ $0 }) { throw Broken() } }
    ])
    #expect(await readiness.report().isReady)
    isBroken.withLock { $0 = true }
    try await Task.sleep(for: .milliseconds(1_100))
    #expect(await !readiness.report().isReady)
  }
}
