import AMQP
import LocalServers
import Synchronization
import TestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct BrokerFailureTests {
  @Test func `every publish that succeeded is delivered although the broker is killed under load`()
    async throws
  {
    try await withTestServers([.rabbitmq]) { servers in
      let client = try makeClient(#require(servers.mqURL))
      try await client.declare(
        AMQPTopology(
          exchanges: [.init(name: "events", kind: .topic)],
          queues: [.init(name: "work", arguments: ["x-queue-type": "quorum"])],
          bindings: [.init(queue: "work", exchange: "events", routingKey: "#")]
        )
      )
      // RabbitMQ 3.10 writes the register of quorum queues (ra's names.dets) every three minutes
      // and at an orderly stop: killed before that, it loses new ones.
      try await servers.control(["stop_app"])
      try await servers.control(["start_app"])
      let tally = Tally()
      let consumer = client.consume("work", prefetch: 100)
      await withTaskGroup(of: Void.self) { group in
        for publisher in 0..<20 {
          group.addTask {
            var number = publisher
            while tally.isGoingOn {
              do {
                let message = AMQPMessage(messageID: "\(number)", body: Array("\(number)".utf8))
                try await client.publish(message, exchange: "events", routingKey: "k")
                tally.confirmed.withLock { _ = $0.insert(number) }
              } catch AMQPError.connectionLost {
                // Its fate is unknown; an outbox would send it again.
              } catch {
                tally.fail(error)
              }
              number += 20
            }
          }
        }
        group.addTask {
          do {
            for try await delivery in consumer {
              if let number = Int(delivery.text) {
                tally.received.withLock { _ = $0.insert(number) }
              }
              delivery.ack()
            }
          } catch {
            tally.fail(error)
          }
        }
        do {
          for round in 0..<3 {
            if round > 0 {
              await servers.crash(.rabbitmq)
              try await servers.restart(.rabbitmq)
            }
            let before = tally.confirmed.withLock(\.count)
            try await tally.wait { tally.confirmed.withLock(\.count) >= before + 500 }
          }
          tally.end()
          try await tally.wait {
            tally.confirmed.withLock { $0 }.isSubset(of: tally.received.withLock { $0 })
          }
        } catch {
          tally.fail(error)
        }
        await consumer.cancel()
      }
      #expect(tally.errors.withLock { $0.map { "\($0)" } } == [])
      await client.close()
    }
  }

  @Test func `while the broker is down publishes wait until their deadline or its return`()
    async throws
  {
    try await withTestServers([.rabbitmq]) { servers in
      let client = try makeClient(#require(servers.mqURL))
      try await client.declare(.queue("q"))
      try await client.put("before", into: "q")
      let consumer = client.consume("q", prefetch: 5)
      #expect(try await consumer.next()?.text == "before")

      await servers.crash(.rabbitmq)
      let error = await #expect(throws: AMQPError.self) {
        // The first may still meet the dying connection.
        do { try await client.put("lost", into: "q", deadline: .milliseconds(300)) } catch AMQPError
          .connectionLost
        {}
        try await client.put("lost", into: "q", deadline: .milliseconds(300))
      }
      guard case .unavailable(.unreachable) = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
      await #expect(throws: AMQPError.self) { try await client.ping(deadline: .milliseconds(100)) }

      async let patient: Void = client.put("patient", into: "q")
      let impatient = Task { try await client.put("impatient", into: "q") }
      try await Task.sleep(for: .milliseconds(50))
      impatient.cancel()
      await #expect(throws: CancellationError.self) { try await impatient.value }
      try await servers.restart(.rabbitmq)
      try await patient
      // The subscription is made again, and what was in hand comes again.
      let again = try #require(try await consumer.next())
      #expect(again.text == "before")
      #expect(again.redelivered)
      again.ack()
      let next = try #require(try await consumer.next())
      #expect(next.text == "patient")
      next.ack()
      await client.close()
    }
  }

  @Test func `a client can be closed while the broker is down`() async throws {
    // Nothing listens on port 1.
    let client = try makeClient("amqp://guest:guest@127.0.0.1:1/")
    let waiting = Task { try await client.put("x", into: "q") }
    let reading = Task { try await client.consume("q", prefetch: 1).next() }
    let asking = Task { try await client.ping() }
    try await Task.sleep(for: .milliseconds(50))
    await client.close()
    await #expect(throws: AMQPError.closed) { try await waiting.value }
    await #expect(throws: AMQPError.closed) { try await asking.value }
    #expect(try await reading.value == nil)
  }

  @Test func `a peer that accepts and says nothing is unreachable, and deadlines hold meanwhile`()
    async throws
  {
    let silent = try SilentListener()
    let client = try makeClient(
      "amqp://guest:guest@127.0.0.1:\(silent.port)/?connection_timeout=30000"
    )
    await #expect(throws: AMQPError.unavailable(nil)) {
      try await client.ping(deadline: .milliseconds(200))
    }
    await client.close()
    let hasty = try makeClient(
      "amqp://guest:guest@127.0.0.1:\(silent.port)/?connection_timeout=200"
    )
    let error = await #expect(throws: AMQPError.self) {
      try await hasty.ping(deadline: .seconds(2))
    }
    guard case .unavailable(.unreachable) = error else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
    await hasty.close()
  }

  @Test func `publishers wait while the broker is short of memory, and go on after it`()
    async throws
  {
    try await withTestServers([.rabbitmq]) { servers in
      let client = try makeClient(#require(servers.mqURL))
      try await client.declare(.queue("q"))
      try await client.put("first", into: "q")
      try await servers.control(["set_vm_memory_high_watermark", "absolute", "1MB"])
      // The alarm is told to a connection with its next publish, which stays unconfirmed.
      await #expect(throws: AMQPError.deadlineExceeded) {
        try await client.put("in doubt", into: "q", deadline: .seconds(1))
      }
      await #expect(throws: AMQPError.unavailable(nil)) {
        try await client.put("waiting", into: "q", deadline: .seconds(1))
      }
      // The other connection is not stopped.
      #expect(try await client.get("q")?.text == "first")
      async let patient: Void = client.put("patient", into: "q")
      try await servers.control(["set_vm_memory_high_watermark", "absolute", "2GB"])
      try await patient
      await client.close()
    }
  }

  /// What publishers and consumers have seen.
  private final class Tally: Sendable {
    let confirmed = Mutex<Set<Int>>([])
    let received = Mutex<Set<Int>>([])
    let errors = Mutex<[any Error]>([])
    private let hasEnded = Mutex(false)

    var isGoingOn: Bool { !hasEnded.withLock { $0 } }

    func end() { hasEnded.withLock { $0 = true } }

    func fail(_ error: any Error) {
      errors.withLock { $0.append(error) }
      end()
    }

    /// Waits for a condition, or for the first error of anybody.
    func wait(until isMet: () -> Bool) async throws {
      while !isMet(), errors.withLock(\.isEmpty) { try await Task.sleep(for: .milliseconds(10)) }
    }
  }
}
