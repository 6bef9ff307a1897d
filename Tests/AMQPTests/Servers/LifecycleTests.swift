import AMQP
import Logging
import ServiceLifecycle
import TestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct LifecycleTests {
  @Test func `closing waits for every confirm and refuses what comes later`() async throws {
    try await withTestMessaging { messaging in
      let first = try makeClient(messaging.url)
      try await first.declare(.queue("q"))
      let confirmed = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<2_000 {
          group.addTask {
            do {
              try await first.put("\(number)", into: "q")
              return true
            } catch AMQPError.closed {
              return false
            }
          }
        }
        // In the midst of it.
        try await first.waitForDepth(of: "q") { messages, _ in messages > 0 }
        await first.close()
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      await #expect(throws: AMQPError.closed) { try await first.put("late", into: "q") }
      await #expect(throws: AMQPError.closed) { try await first.ping() }
      #expect(try await first.consume("q", prefetch: 1).next() == nil)
      await first.close()
      let second = try makeClient(messaging.url)
      // Each is either confirmed and there, or refused and not there.
      #expect(try await second.queueDepth("q").messages == confirmed)
      await second.close()
    }
  }

  @Test func `acknowledgements given before the close count, and what is in hand goes back`()
    async throws
  {
    try await withTestMessaging { messaging in
      let first = try makeClient(messaging.url)
      try await first.declare(.queue("q"))
      for text in ["done", "killed before its acknowledgement"] {
        try await first.put(text, into: "q")
      }
      let consumer = first.consume("q", prefetch: 10)
      try #require(try await consumer.next()).ack()
      _ = try #require(try await consumer.next())
      await first.close()
      #expect(try await consumer.next() == nil)

      let second = try makeClient(messaging.url)
      let again = try #require(try await second.consume("q", prefetch: 10).next())
      #expect(again.text == "killed before its acknowledgement")
      #expect(again.redelivered)
      again.ack()
      await second.close()
      let third = try makeClient(messaging.url)
      #expect(try await third.queueDepth("q").messages == 0)
      await third.close()
    }
  }

  @Test func `graceful shutdown ends run and closes the client`() async throws {
    try await withTestMessaging { messaging in
      let client = try makeClient(messaging.url)
      let trigger = Trigger()
      let group = ServiceGroup(
        configuration: .init(
          services: [
            .init(service: client),
            .init(service: trigger, successTerminationBehavior: .gracefullyShutdownGroup),
          ],
          logger: .init(label: "amqp.tests")
        )
      )
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        try await client.declare(.queue("q"))
        try await client.put("x", into: "q")
        trigger.fire()
        try await tasks.waitForAll()
      }
      await #expect(throws: AMQPError.closed) { try await client.ping() }
    }
  }

  @Test func `cancellation ends waiting of every kind and leaves the client usable`() async throws {
    try await withClient { client in
      try await client.declare(.queue("q"))
      let consumer = client.consume("q", prefetch: 1)
      let reader = Task { try await consumer.next() }
      reader.cancel()
      #expect(try await reader.value == nil)
      // Cancelled anywhere between the call and its confirm: an error of cancellation or a success,
      // and nothing hangs.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<300 {
          group.addTask {
            let publish = Task { try await client.put("\(number)", into: "q") }
            if number.isMultiple(of: 2) { await Task.yield() }
            publish.cancel()
            switch await publish.result {
            case .success: break
            case .failure(let error): #expect(error is CancellationError)
            }
          }
        }
        try await group.waitForAll()
      }
      let cancelled = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        try await client.ping()
      }
      await #expect(throws: CancellationError.self) { try await cancelled.value }
      try await client.ping()
      // The reader that gave up has taken nothing with it.
      try await client.put("last", into: "q")
      var last = ""
      while last != "last" {
        let delivery = try #require(try await consumer.next())
        last = delivery.text
        delivery.ack()
      }
    }
  }

  /// A service that ends when told.
  private final class Trigger: Service {
    private let stream = AsyncStream<Void>.makeStream()

    func fire() { stream.continuation.finish() }

    func run() async throws {
      for await _ in stream.stream {}
    }
  }
}
