import AMQP
import Testing

@Suite(.timeLimit(.minutes(5))) struct MessagingTests {
  @Test func `a message arrives with every property and header as it was sent`() async throws {
    try await withClient { client in
      try await client.declare(
        AMQPTopology(
          exchanges: [.init(name: "events", kind: .topic)],
          queues: [.init(name: "q")],
          bindings: [.init(queue: "q", exchange: "events", routingKey: "shop.#")]
        )
      )
      let message = AMQPMessage(
        messageID: "018f",
        correlationID: "c",
        type: "shop.order.paid.v1",
        timestamp: 1_700_000_000,
        appID: "consumer",
        contentType: "application/json",
        persistent: true,
        priority: 3,
        expiration: "60000",
        headers: [
          "string": "s\u{1F600}", "empty": "", "int": -7, "large": .int(.max), "true": true,
          "false": false, "double": .double(0.25),
          "bytes": .bytes([0, 255]), "timestamp": .timestamp(1), "null": .null,
          "array": .array([1, "two", .array([])]),
          "table": .table(["inner": .table(["deep": 1]), "none": .table([:])]),
        ],
        body: Array("{\"a\":1}".utf8)
      )
      try await client.publish(message, exchange: "events", routingKey: "shop.order.paid.v1")
      let consumer = client.consume("q", prefetch: 1)
      let delivery = try #require(try await consumer.next())
      #expect(delivery.message == message)
      #expect(delivery.exchange == "events")
      #expect(delivery.routingKey == "shop.order.paid.v1")
      #expect(delivery.queue == "q")
      #expect(!delivery.redelivered)
      delivery.ack()
      await consumer.cancel()
      #expect(try await client.queueDepth("q") == (0, 0))
    }
  }

  @Test func `bodies of nothing, of several frames and of exactly one frame arrive whole`()
    async throws
  {
    try await withClient { client in
      try await client.declare(.queue("q"))
      let consumer = client.consume("q", prefetch: 10)
      // 131,064 is the payload of a full frame.
      for size in [0, 1, 131_063, 131_064, 131_065, 3_000_000] {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await client.publish(
          AMQPMessage(persistent: false, body: body),
          exchange: "",
          routingKey: "q"
        )
        let delivery = try #require(try await consumer.next())
        #expect(delivery.message == AMQPMessage(persistent: false, body: body))
        delivery.ack()
      }
    }
  }

  @Test func `an unroutable message is an error if it is mandatory and vanishes if not`()
    async throws
  {
    try await withClient { client in
      try await client.declare(.queue("q"))
      let error = AMQPError.unroutable(code: 312, text: "NO_ROUTE")
      await #expect(throws: error) { try await client.put("x", into: "nowhere") }
      try await client.publish(AMQPMessage(), exchange: "", routingKey: "nowhere", mandatory: false)
      // Among many that have a queue, the one that has none fails, and no other.
      let results = await withTaskGroup(of: (Int, Bool).self, returning: [Int: Bool].self) {
        group in
        for number in 0..<200 {
          group.addTask {
            do {
              try await client.put("\(number)", into: number % 10 == 3 ? "nowhere" : "q")
              return (number, true)
            } catch {
              return (number, false)
            }
          }
        }
        return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      #expect(results == Dictionary(uniqueKeysWithValues: (0..<200).map { ($0, $0 % 10 != 3) }))
      #expect(try await client.queueDepth("q").messages == 180)
    }
  }

  @Test func `a full queue that rejects publishes is an error`() async throws {
    try await withClient { client in
      try await client.declare(.queue("q", ["x-max-length": 1, "x-overflow": "reject-publish"]))
      try await client.put("first", into: "q")
      await #expect(throws: AMQPError.rejected) { try await client.put("second", into: "q") }
      #expect(try await client.queueDepth("q").messages == 1)
    }
  }

  @Test func `an exchange that doesn't exist is told to its publisher, and the client recovers`()
    async throws
  {
    try await withClient { client in
      try await client.declare(.queue("q"))
      let error = await #expect(throws: AMQPError.self) {
        try await client.publish(AMQPMessage(), exchange: "none", routingKey: "q")
      }
      guard case .channelClosed(404, _) = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
      try await client.put("x", into: "q")
    }
  }

  @Test func `a thousand publishers at once are all confirmed`() async throws {
    try await withClient { client in
      try await client.declare(.queue("q", type: "quorum"))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<1_000 { group.addTask { try await client.put("\(number)", into: "q") } }
        try await group.waitForAll()
      }
      #expect(try await client.queueDepth("q").messages == 1_000)
      #expect(try await client.purge("q") == 1_000)
    }
  }

  @Test func `no more than the prefetch is in hand`() async throws {
    try await withClient { client in
      try await client.declare(.queue("q"))
      for number in 0..<10 { try await client.put("\(number)", into: "q") }
      let consumer = client.consume("q", prefetch: 3)
      let first = try #require(try await consumer.next())
      try await client.waitForDepth(of: "q") { messages, _ in messages == 7 }
      first.ack()
      try await client.waitForDepth(of: "q") { messages, _ in messages == 6 }
      await consumer.cancel()
      // What nobody has taken is back.
      try await client.waitForDepth(of: "q") { messages, consumers in
        messages == 9 && consumers == 0
      }
      #expect(try await consumer.next() == nil)
    }
  }

  @Test func `several readers share a consumer and every message is acknowledged`() async throws {
    try await withClient { client in
      try await client.declare(.queue("q"))
      let consumer = client.consume("q", prefetch: 50)
      let seen = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<4 {
          group.addTask {
            var seen: [String] = []
            for try await delivery in consumer {
              seen.append(delivery.text)
              if seen.count.isMultiple(of: 7) { await Task.yield() }
              delivery.ack()
            }
            return seen
          }
        }
        for number in 0..<500 { try await client.put("\(number)", into: "q") }
        // The queue has no ready message any more, and none is in hand once the consumer is
        // cancelled and the rest has gone back.
        try await client.waitForDepth(of: "q") { messages, _ in messages == 0 }
        await consumer.cancel()
        return try await group.reduce(into: []) { $0 += $1 }
      }
      try await client.waitForDepth(of: "q") { _, consumers in consumers == 0 }
      let left = try await client.queueDepth("q").messages
      #expect(Set(seen).count + left == 500)
      #expect(seen.count + left == 500)
    }
  }

  @Test func `a delivery in hand is settled after the consumer was cancelled`() async throws {
    try await withClient { client in
      try await client.declare(.queue("q"))
      try await client.put("a", into: "q")
      try await client.put("b", into: "q")
      let consumer = client.consume("q", prefetch: 2)
      let (a, b) = (
        try #require(try await consumer.next()), try #require(try await consumer.next())
      )
      await consumer.cancel()
      a.ack()
      b.nack(requeue: true)
      try await client.waitForDepth(of: "q") { messages, _ in messages == 1 }
      let again = try #require(try await client.get("q"))
      #expect(again.text == "b")
      #expect(again.redelivered)
      again.ack()
      again.ack()
      again.nack(requeue: true)
      #expect(try await client.get("q") == nil)
    }
  }

  @Test func `a reader learns that its queue doesn't exist, or doesn't exist any more`()
    async throws
  {
    try await withClient { client in
      let missing = await #expect(throws: AMQPError.self) {
        _ = try await client.consume("none", prefetch: 1).next()
      }
      guard case .channelClosed(404, _) = missing else {
        return #expect(Bool(false), "\(String(describing: missing))")
      }
      try await client.declare(.queue("q"))
      let consumer = client.consume("q", prefetch: 1)
      try await client.waitForDepth(of: "q") { _, consumers in consumers == 1 }
      try await client.delete(queue: "q")
      let deleted = await #expect(throws: AMQPError.self) { _ = try await consumer.next() }
      guard case .channelClosed(404, _) = deleted else {
        return #expect(Bool(false), "\(String(describing: deleted))")
      }
    }
  }
}
