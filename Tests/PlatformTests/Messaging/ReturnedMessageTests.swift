import AMQP
import Platform
import Synchronization
import TestKit
import Testing
import WorldKit

@testable import Platform

@Suite struct ReturnedMessageTests {
  @Test func `queues say what RabbitMQ 3 and 4 would decide differently`() async throws {
    try await withMessaging { m, _ async throws in
      let topology = AMQPTopology.helium(hooks: [m.hook])
      let hook = try #require(topology.queues.first { $0.name == "helium.tally.insert" })
      #expect(
        hook.arguments == [
          "x-queue-type": "quorum", "x-delivery-limit": 100, "x-dead-letter-exchange": "",
          "x-dead-letter-routing-key": "helium.dead",
          "x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish",
        ]
      )
      // RabbitMQ 4 would drop a letter that was looked at twenty times.
      let dead = try #require(topology.queues.first { $0.name == ExchangeName.deadLetters })
      #expect(try #require(dead.arguments["x-delivery-limit"]?.int) >= 1_000_000)
    }
  }

  @Test
  func `a message that is given back too often is a dead letter of its queue, and can be replayed`()
    async throws
  {
    try await withMessaging { m, _ async throws in
      let message = m.message()
      try await m.send(message)
      try await m.waitForDepth(1, of: m.hook.queue)
      var deliveries = 0
      try await eventually {
        if let delivery = try await m.broker.get(m.hook.queue) {
          deliveries += 1
          delivery.nack(requeue: true)
        }
        return try await m.depth(ExchangeName.deadLetters) == 1
      }
      #expect(deliveries == Int(QueueArguments.maxDeliveries) + 1)
      let dead = DeadLetters(broker: m.broker)
      let letter = try #require(try await dead.list(limit: 10).first)
      #expect(letter.id == message.messageID)
      #expect(letter.queue == m.hook.queue)
      #expect(letter.failure.contains("delivery_limit"))
      let id = try #require(message.messageID)
      #expect(try await dead.replay([id]) == [id])
      try await m.whileConsuming { try await eventually { try await m.tally.count() == 1 } }
      #expect(try await m.depth(ExchangeName.deadLetters) == 0)
    }
  }

  @Test func `what can't be handed on goes back after a pause that grows`() async throws {
    try await withMessaging(FailingCalls(3)) { declared, _ async throws in
      // Retries have no way to go: their exchange isn't there.
      let m = MessagingWorld(
        world: declared.world,
        tally: declared.tally,
        broker: declared.broker,
        hook: declared.hook,
        retries: RetryPolicy(delays: [7])
      )
      let pauses = Pauses()
      var consumer = m.consumer()
      consumer.pause = { pauses.note($0) }
      try await m.send(m.message())
      try await withThrowingTaskGroup(of: Void.self) { [consumer] group in
        group.addTask { try? await consumer.run() }
        try await eventually { try await m.tally.count() == 1 }
        group.cancelAll()
      }
      #expect(pauses.all == [.seconds(1), .seconds(2), .seconds(4)])
    }
  }

  private final class Pauses: Sendable {
    private let storage = Mutex<[Duration]>([])

    var all: [Duration] { storage.withLock { $0 } }

    func note(_ pause: Duration) {
      storage.withLock { $0.append(pause) }
    }
  }

  @Test func `no pause is longer than half a minute`() {
    #expect(MessageConsumer.pauseBeforeReturn(earlierDeliveries: 5) == .seconds(30))
    #expect(MessageConsumer.pauseBeforeReturn(earlierDeliveries: .max) == .seconds(30))
    #expect(MessageConsumer.pauseBeforeReturn(earlierDeliveries: -1) == .seconds(1))
  }
}
