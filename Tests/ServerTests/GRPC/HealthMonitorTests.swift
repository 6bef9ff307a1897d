import Synchronization
import Testing

@testable import Server

@Suite struct HealthMonitorTests {
  private struct Broken: Error {}

  @Test func `while a dependency is down no service serves, and each does again when it is back`()
    async throws
  {
    let isBroken = Mutex(false)
    func monitor(_ registry: HealthRegistry) -> HealthMonitor {
      // A new one each time, for answers are kept for a second.
      HealthMonitor(
        readiness: Readiness([.init("database") { if isBroken.withLock({ $0 }) { throw Broken() } }]
        ),
        registry: registry
      )
    }
    let registry = HealthRegistry(services: ["a.B"])
    await monitor(registry).update()
    #expect(registry.status(of: "a.B") == .serving)
    isBroken.withLock { $0 = true }
    await monitor(registry).update()
    #expect(registry.status(of: "a.B") == .notServing)
    #expect(registry.status(of: "") == .notServing)
    isBroken.withLock { $0 = false }
    await monitor(registry).update()
    #expect(registry.status(of: "a.B") == .serving)
  }
}
