import Testing

@testable import Redis

@Suite struct SubscriptionRegistryTests {
  @Test func `a subscriber is told when the last of its channels is confirmed`() {
    var registry = SubscriptionRegistry()
    #expect(registry.add(1, to: ["b", "a"]) == ([], []))
    #expect(registry.connect() == ["a", "b"])
    #expect(registry.receive(confirmation("a")).isEmpty)
    #expect(registry.receive(confirmation("b")) == [.init(subscriber: 1, event: .subscribed)])
  }

  @Test func `a message goes to the subscribers of its channel`() {
    var registry = SubscriptionRegistry()
    _ = registry.connect()
    _ = registry.add(1, to: ["a"])
    _ = registry.add(2, to: ["a", "b"])
    _ = registry.add(3, to: ["b"])
    #expect(Set(registry.receive(message("a")).map(\.subscriber)) == [1, 2])
    #expect(registry.receive(message("c")).isEmpty)
  }

  @Test func `a channel is subscribed to for its first subscriber and left with its last`() {
    var registry = SubscriptionRegistry()
    _ = registry.connect()
    #expect(registry.add(1, to: ["a"]).subscribe == ["a"])
    #expect(registry.add(2, to: ["a"]).subscribe.isEmpty)
    #expect(registry.remove(1).isEmpty)
    #expect(registry.remove(2) == ["a"])
    #expect(registry.remove(2).isEmpty && registry.isEmpty)
  }

  @Test func `who joins a confirmed channel is told at once`() {
    var registry = SubscriptionRegistry()
    _ = registry.connect()
    _ = registry.add(1, to: ["a"])
    _ = registry.receive(confirmation("a"))
    #expect(registry.add(2, to: ["a"]).deliveries == [.init(subscriber: 2, event: .subscribed)])
  }

  @Test
  func `after a reconnection every channel is subscribed to again, and old subscribers are told`() {
    var registry = SubscriptionRegistry()
    _ = registry.connect()
    _ = registry.add(1, to: ["a"])
    _ = registry.receive(confirmation("a"))
    registry.disconnect()
    _ = registry.add(2, to: ["a"])
    #expect(registry.connect() == ["a"])
    #expect(
      registry.receive(confirmation("a")) == [
        .init(subscriber: 1, event: .reconnected), .init(subscriber: 2, event: .subscribed),
      ]
    )
  }

  @Test func `the confirmation of an earlier subscription does not confirm a later one`() {
    var registry = SubscriptionRegistry()
    _ = registry.connect()
    _ = registry.add(1, to: ["a"])
    _ = registry.remove(1)
    #expect(registry.add(2, to: ["a"]).subscribe == ["a"])
    #expect(registry.receive(confirmation("a")).isEmpty)
    #expect(registry.receive(confirmation("a")) == [.init(subscriber: 2, event: .subscribed)])
  }

  private func confirmation(_ channel: String) -> [RESPValue] {
    [.bulk(Array("subscribe".utf8)), .bulk(Array(channel.utf8)), .integer(1)]
  }
  private func message(_ channel: String) -> [RESPValue] {
    [.bulk(Array("message".utf8)), .bulk(Array(channel.utf8)), .bulk([1])]
  }
}
