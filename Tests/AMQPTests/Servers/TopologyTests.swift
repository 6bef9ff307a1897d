import AMQP
import Testing

@Suite(.timeLimit(.minutes(5))) struct TopologyTests {
  @Test func `a message rejected is dead-lettered, and one that waits in a retry queue comes back`()
    async throws
  {
    try await withClient { client in
      // A retry queue per delay: nobody reads it; its messages expire into the exchange they came
      // for.
      let quorum: [String: AMQPHeaderValue] = [
        "x-queue-type": "quorum", "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
      ]
      try await client.declare(
        AMQPTopology(
          exchanges: [.init(name: "events", kind: .topic), .init(name: "dead", kind: .fanout)],
          queues: [
            .init(
              name: "work",
              arguments: quorum.merging(["x-dead-letter-exchange": "dead"]) { $1 }
            ),
            .init(
              name: "retry.1s",
              arguments: quorum.merging([
                "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "work",
                "x-message-ttl": 1_000,
              ]) { $1 }
            ),
            .init(name: "dead", arguments: ["x-queue-type": "quorum"]),
          ],
          bindings: [
            .init(queue: "work", exchange: "events", routingKey: "shop.order.paid.v1"),
            .init(queue: "dead", exchange: "dead", routingKey: ""),
          ]
        )
      )
      try await client.publish(
        AMQPMessage(messageID: "1", body: [1]),
        exchange: "events",
        routingKey: "shop.order.paid.v1"
      )
      let consumer = client.consume("work", prefetch: 1)

      let first = try #require(try await consumer.next())
      var again = first.message
      again.headers["x-attempt"] = 2
      try await client.publish(again, exchange: "", routingKey: "retry.1s")
      first.ack()

      let second = try #require(try await consumer.next())
      #expect(second.message.messageID == "1")
      #expect(second.message.headers["x-attempt"] == 2)
      guard case .array(let deaths)? = second.message.headers["x-death"],
        case .table(let death)? = deaths.first
      else {
        return #expect(Bool(false), "\(second.message.headers)")
      }
      #expect(death["queue"] == "retry.1s")
      #expect(death["reason"] == "expired")
      second.nack(requeue: false)

      let dead = client.consume("dead", prefetch: 1)
      let last = try #require(try await dead.next())
      #expect(last.message.messageID == "1")
      #expect(last.message.headers["x-first-death-queue"] == "retry.1s")
      last.ack()
      await consumer.cancel()
    }
  }

  @Test func `a request the broker refuses fails alone`() async throws {
    try await withClient { client in
      let missing = await #expect(throws: AMQPError.self) {
        _ = try await client.queueDepth("none")
      }
      guard case .channelClosed(404, _) = missing else {
        return #expect(Bool(false), "\(String(describing: missing))")
      }
      await #expect(throws: AMQPError.self) { _ = try await client.get("none") }
      try await client.ping()
      try await client.declare(.queue("q"))
      let other = await #expect(throws: AMQPError.self) {
        try await client.declare(.queue("q", ["x-max-length": 1]))
      }
      guard case .channelClosed(406, _) = other else {
        return #expect(Bool(false), "\(String(describing: other))")
      }
      try await client.declare(.queue("q"))
      #expect(try await client.queueDepth("q") == (0, 0))
      #expect(try await client.get("q") == nil)
    }
  }

  @Test func `requests at once are each answered with their own reply`() async throws {
    try await withClient { client in
      for number in 0..<5 {
        try await client.declare(.queue("q\(number)"))
        for _ in 0..<number { try await client.put("x", into: "q\(number)") }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<100 {
          group.addTask {
            if number % 10 == 9 {
              await #expect(throws: AMQPError.self) { _ = try await client.queueDepth("none") }
            } else {
              let depth = try await client.queueDepth("q\(number % 5)")
              #expect(depth.messages == number % 5)
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
