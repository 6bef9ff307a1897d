import Testing

@testable import Server

@Suite struct HealthRegistryTests {
  @Test func `a service is not serving until it is said to, and an unknown one is neither`() {
    let registry = HealthRegistry(services: ["a.B"])
    #expect(registry.status(of: "a.B") == .notServing)
    #expect(registry.status(of: "") == .notServing)
    #expect(registry.status(of: "a.C") == nil)
    registry.setAll(.serving)
    #expect(registry.status(of: "a.B") == .serving)
    #expect(registry.status(of: "") == .serving)
    #expect(registry.status(of: "a.C") == nil)
  }

  @Test
  func `a watcher hears the present status at once, then each change of its own service only`()
    async
  {
    let registry = HealthRegistry(services: ["a.B", "a.C"])
    let watch = registry.watch("a.B")
    var statuses = watch.statuses.makeAsyncIterator()
    #expect(await statuses.next() == .some(.notServing))
    registry.set(.serving, of: "a.C")
    registry.set(.notServing, of: "a.B")
    registry.set(.serving, of: "a.B")
    #expect(await statuses.next() == .some(.serving))
  }

  @Test func `a service that becomes known while it is watched is told`() async {
    let registry = HealthRegistry(services: [])
    var statuses = registry.watch("a.B").statuses.makeAsyncIterator()
    #expect(await statuses.next() == .some(nil))
    registry.set(.serving, of: "a.B")
    #expect(await statuses.next() == .some(.serving))
  }

  @Test func `draining tells each watcher, ends its stream, and nothing serves again`() async {
    let registry = HealthRegistry(services: ["a.B"])
    registry.setAll(.serving)
    var statuses = registry.watch("a.B").statuses.makeAsyncIterator()
    #expect(await statuses.next() == .some(.serving))
    registry.drain()
    #expect(await statuses.next() == .some(.notServing))
    #expect(await statuses.next() == .none)
    registry.setAll(.serving)
    #expect(registry.status(of: "a.B") == .notServing)
    #expect(registry.watcherCount == 0)
  }

  @Test func `one who watches a draining server is told and sent away`() async {
    let registry = HealthRegistry(services: ["a.B"])
    registry.drain()
    var statuses = registry.watch("a.B").statuses.makeAsyncIterator()
    #expect(await statuses.next() == .some(.notServing))
    #expect(await statuses.next() == .none)
    #expect(registry.watcherCount == 0)
  }

  @Test func `a cancelled watch is forgotten`() async {
    let registry = HealthRegistry(services: ["a.B"])
    let watch = registry.watch("a.B")
    #expect(registry.watcherCount == 1)
    watch.cancel()
    #expect(registry.watcherCount == 0)
  }
}
