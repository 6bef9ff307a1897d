import AMQP
import Platform
import Postgres
import TestKit
import Testing
import WorldKit

@testable import Platform

@Suite struct DeliveryTests {
  @Test func `an event that a transaction publishes has its effect once`() async throws {
    try await withMessaging { m, _ async throws in
      try await m.publish(["a"])
      try await m.relayAll()
      #expect(try await m.world.published().isEmpty)
      try await m.whileConsuming {
        try await eventually { try await m.tally.count() > 0 }
        try await m.waitForDepth(0, of: m.hook.queue)
      }
      #expect(try await m.tally.count() == 1)
      #expect(
        try await m.world.number("SELECT count(*) FROM platform.inbox WHERE hook = 'tally.insert'")
          == 1
      )
    }
  }

  @Test func `the relay sends what the contract says of a message`() async throws {
    try await withMessaging { m, _ async throws in
      try await RequestContext.$current.withValue(
        RequestContext(requestID: "request", causationID: "cause")
      ) { try await m.publish(["a"]) }
      let id = try await m.world.client.query(PostgresQuery("SELECT id::text FROM platform.outbox"))
        .first?.decode(0, as: String.self)
      try await m.relayAll()
      var received: AMQPDelivery?
      try await eventually {
        received = try await m.broker.get(m.hook.queue)
        return received != nil
      }
      let delivery = try #require(received)
      #expect(delivery.exchange == ExchangeName.events)
      #expect(delivery.routingKey == LabelCounted.name)
      #expect(delivery.message.messageID == id)
      #expect(delivery.message.type == LabelCounted.name)
      #expect(delivery.message.correlationID == "request")
      #expect(delivery.message.appID == "test")
      #expect(delivery.message.contentType == "application/json")
      #expect(delivery.message.persistent)
      #expect(delivery.message.headers[MessageHeader.tenant]?.string == MessagingWorld.tenant)
      #expect(delivery.message.headers[MessageHeader.causation]?.string == "cause")
      #expect(delivery.message.headers[MessageHeader.attempt]?.int == 1)
      #expect(delivery.message.body == Array(#"{"label":"a"}"#.utf8))
      delivery.ack()
    }
  }

  @Test func `the same message sent twice has one effect`() async throws {
    try await withMessaging { m, _ async throws in
      let twice = m.message("twice")
      try await m.send(twice)
      try await m.send(twice)
      try await m.send(m.message("last"))
      try await m.whileConsuming {
        try await eventually { try await m.tally.count("last") == 1 }
        try await m.waitForDepth(0, of: m.hook.queue)
      }
      #expect(try await m.tally.count("twice") == 1)
    }
  }

  @Test func `two relays at once lose and double nothing`() async throws {
    let labels = (0..<600).map(String.init)
    try await withMessaging { m, _ async throws in
      for start in stride(from: 0, to: labels.count, by: 100) {
        try await m.publish(Array(labels[start..<start + 100]))
      }
      let results = await race(2) { _ in try await m.relayAll() }
      #expect(results.failed.isEmpty)
      try await m.relayAll()
      #expect(try await m.world.number("SELECT count(*) FROM platform.outbox") == 0)
      try await m.whileConsuming {
        try await eventually { try await m.world.number("SELECT count(*) FROM tally") >= 600 }
        try await m.waitForDepth(0, of: m.hook.queue)
      }
      #expect(try await m.world.number("SELECT count(*) FROM tally") == 600)
      #expect(try await m.world.number("SELECT count(DISTINCT label) FROM tally") == 600)
    }
  }

  @Test func `a running relay finds messages by itself`() async throws {
    try await withMessaging { m, _ async throws in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try? await m.relay.run() }
        try await m.publish(["a"])
        try await eventually { try await m.depth(m.hook.queue) == 1 }
        // The row goes after the broker's confirm, which comes after the message itself.
        try await eventually { try await m.world.published().isEmpty }
        group.cancelAll()
      }
    }
  }

  @Test func `a job without a queue stays in the outbox, an event without a hook is done`()
    async throws
  {
    try await withMessaging { m, _ async throws in
      try await m.tally.transaction { tally in try await tally.publish(CountLater())
      }
      #expect(try await m.relay.relayBatch() == 1)
      #expect(try await m.world.published().map(\.name) == [CountLater.name])
      try await m.broker.declare(
        .helium(hooks: [Hook(InsertLabelOfJob(), in: m.tally)], retries: m.retries)
      )
      try await m.makePostponedDue()
      try await m.relayAll()
      #expect(try await m.world.published().isEmpty)
      try await m.waitForDepth(1, of: "helium.tally.count")
    }
  }

  @Test func `what a consumer had in hand when it was closed is delivered again, with one effect`()
    async throws
  {
    try await withMessaging { m, messaging async throws in
      let message = m.message()
      try await m.send(message)
      // A worker that commits the effect and dies before it acknowledges.
      let dying = try makeBroker(messaging.url)
      let consumer = dying.consume(m.hook.queue, prefetch: 1)
      let delivery = try #require(try await consumer.next())
      guard case .transactional(let handle) = m.hook.delivery else { throw Failure() }
      let id = try #require(delivery.message.messageID.flatMap(Identifier<MessageID>.init))
      try await m.world.database.transaction { transaction in
        _ = try await transaction.process(
          Inbox.Insert(hook: m.hook.name, messageID: id, handledAt: World.noon)
        )
        try await handle(delivery.message.body, transaction)
      }
      await dying.close()
      try await m.waitForDepth(1, of: m.hook.queue)
      try await m.send(m.message("last"))
      try await m.whileConsuming {
        try await eventually { try await m.tally.count("last") == 1 }
        try await m.waitForDepth(0, of: m.hook.queue)
      }
      #expect(try await m.tally.count() == 1)
    }
  }
}
