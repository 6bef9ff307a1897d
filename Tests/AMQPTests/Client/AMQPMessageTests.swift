import Testing

@testable import AMQP

@Suite struct AMQPMessageTests {
  @Test func `a property of 256 bytes is refused before anything is sent`() throws {
    try AMQPMessage(messageID: String(repeating: "m", count: 255)).validate()
    #expect(throws: AMQPError.self) {
      try AMQPMessage(messageID: String(repeating: "m", count: 256)).validate()
    }
    #expect(throws: AMQPError.self) {
      try AMQPMessage(headers: [String(repeating: "k", count: 256): true]).validate()
    }
  }

  @Test func `headers beyond a frame or the deepest nesting are refused`() throws {
    #expect(throws: AMQPError.self) {
      try AMQPMessage(headers: ["k": .bytes(Array(repeating: 0, count: 70_000))]).validate()
    }
    var nested = AMQPHeaderValue.int(1)
    for _ in 0..<6 { nested = .table(["k": nested]) }
    try AMQPMessage(headers: ["k": nested]).validate()
    for _ in 0..<3 { nested = .array([nested]) }
    #expect(throws: AMQPError.self) { try AMQPMessage(headers: ["k": nested]).validate() }
  }

  @Test func `a later declaration replaces an earlier one of the same name`() {
    var topology = AMQPTopology(
      exchanges: [.init(name: "e", kind: .topic)],
      queues: [.init(name: "q"), .init(name: "r")],
      bindings: [.init(queue: "q", exchange: "e", routingKey: "k")]
    )
    topology.merge(
      AMQPTopology(
        queues: [.init(name: "q", arguments: ["x-queue-type": "quorum"])],
        bindings: [.init(queue: "q", exchange: "e", routingKey: "k")]
      )
    )
    #expect(topology.queues.map(\.name) == ["r", "q"])
    #expect(topology.queues.last?.arguments == ["x-queue-type": "quorum"])
    #expect(topology.bindings.count == 1)
    topology.forget(queue: "q")
    #expect(topology.bindings.isEmpty)
    #expect(
      topology.requests == [
        .declareExchange(.init(name: "e", kind: .topic)), .declareQueue(.init(name: "r")),
      ]
    )
  }
}
