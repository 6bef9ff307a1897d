import AMQP
import Logging
import Postgres
import TestKit
import Testing
import WorldKit

@testable import Platform

@Suite struct MessageDeliveryTests {
  @Test func `a published event has its effect once, though two relays run and it is sent twice`() async throws {
    try await withMessaging { world, broker async throws in
      let module = Counting(database: world.database)
      let hook = Hook(CountThings(), named: "counting.count_things", in: module)
      try await broker.declare(.helium(hooks: [hook]))
      for number in 0..<40 {
        try await world.database.transaction { try await $0.publish(ThingHappened(number: number)) }
      }
      let ids = try await world.client.query(.init("SELECT id::text FROM platform.outbox ORDER BY id")).map {
        try $0.decode(0, as: String.self)
      }
      let relay = OutboxRelay(pool: world.client, broker: broker, tenant: "default", worker: "test", logger: quiet)
      async let one = relay.relayBatch()
      async let other = relay.relayBatch()
      let relayed = try await one + other
      #expect(relayed == 40)
      // A relay that died after the confirm sends the message again with its id.
      let again = AMQPMessage(
        messageID: ids[0], type: ThingHappened.name, headers: [MessageHeader.tenant: "default"],
        body: try JSON.encode(ThingHappened(number: 0)))
      try await broker.publish(again, exchange: ExchangeName.events, routingKey: ThingHappened.name)
      try await consume(hook, world, broker) {
        let counted = try await world.number("SELECT count(*) FROM counted")
        let waiting = try await broker.queueDepth(hook.queue).messages
        return counted == 40 && waiting == 0
      }
      #expect(try await world.number("SELECT count(*) FROM counted") == 40)
      #expect(try await world.number("SELECT count(*) FROM platform.outbox") == 0)
    }
  }

  @Test func `what keeps failing is retried, then given up, and can be replayed`() async throws {
    try await withMessaging { world, broker async throws in
      let hook = Hook(FailAlways(), named: "counting.fail_always", in: Counting(database: world.database))
      let retries = RetryPolicy(delays: [1])
      try await broker.declare(.helium(hooks: [hook], retries: retries))
      try await world.database.transaction { try await $0.publish(ThingHappened(number: 7)) }
      let relay = OutboxRelay(pool: world.client, broker: broker, tenant: "default", worker: "test", logger: quiet)
      _ = try await relay.relayBatch()
      try await consume(hook, world, broker, retries) { try await broker.queueDepth(ExchangeName.deadLetters).messages == 1 }
      let letters = try await DeadLetters(broker: broker).list(limit: 10)
      #expect(letters.map(\.queue) == [hook.queue])
      #expect(letters.map(\.attempts) == [2])
      let replayed = try await DeadLetters(broker: broker).replay(Set(letters.map(\.id)))
      #expect(replayed == Set(letters.map(\.id)))
      #expect(try await world.number("SELECT count(*) FROM counted") == 0)
    }
  }

  @Test func `a message of another tenant goes to the dead letters`() async throws {
    try await withMessaging { world, broker async throws in
      let hook = Hook(CountThings(), named: "counting.count_things", in: Counting(database: world.database))
      try await broker.declare(.helium(hooks: [hook]))
      let foreign = AMQPMessage(
        messageID: world.ids.next(MessageID.self).description, type: ThingHappened.name, headers: [MessageHeader.tenant: "other"],
        body: try JSON.encode(ThingHappened(number: 1)))
      try await broker.publish(foreign, exchange: ExchangeName.events, routingKey: ThingHappened.name)
      try await consume(hook, world, broker) { try await broker.queueDepth(ExchangeName.deadLetters).messages == 1 }
      #expect(try await world.number("SELECT count(*) FROM counted") == 0)
    }
  }

  @Test func `a transaction that rolls back publishes nothing`() async throws {
    try await withWorld { world async throws in
      await #expect(throws: Refusal.self) {
        try await world.database.transaction { transaction in
          try await transaction.publish(ThingHappened(number: 1))
          throw Refusal()
        }
      }
      #expect(try await world.published().isEmpty)
    }
  }

  @Test func `a swallowed inner failure dooms the whole transaction`() async throws {
    try await withWorld { world async throws in
      try await world.execute("CREATE TABLE counted (number bigint)")
      let module = Counting(database: world.database)
      await #expect(throws: TransactionEnded.self) {
        try await module.transaction { module, transaction in
          _ = try await transaction.run(.init("INSERT INTO counted VALUES (1)"))
          try? await module.transaction { _, _ in throw Refusal() }
        }
      }
      #expect(try await world.number("SELECT count(*) FROM counted") == 0)
    }
  }

  @Test func `asking the pool while holding a transaction is refused`() async throws {
    try await withWorld { world async throws in
      await #expect(throws: SecondConnection.self) {
        try await world.database.transaction { _ in try await world.database.ping() }
      }
    }
  }

  /// Consumes `hook` until `isDone`.
  private func consume(
    _ hook: Hook, _ world: World, _ broker: AMQPClient, _ retries: RetryPolicy = .standard, until isDone: () async throws -> Bool
  ) async throws {
    let consumer = MessageConsumer(
      hook: hook, pool: world.client, signal: nil, broker: broker, retries: retries, tenant: "default", clock: world.clock.clock,
      logger: quiet)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await consumer.run() }
      while try await !isDone() { try await Task.sleep(for: .milliseconds(50)) }
      group.cancelAll()
    }
  }

  private func withMessaging(_ body: (World, AMQPClient) async throws -> Void) async throws {
    try await withTestMessaging { messaging in
      try await withWorld { world async throws in
        try await world.execute("CREATE TABLE counted (number bigint)")
        let broker = AMQPClient(configuration: try AMQPConfiguration(url: messaging.url), logger: quiet)
        do {
          try await body(world, broker)
        } catch {
          await broker.close()
          throw error
        }
        await broker.close()
      }
    }
  }
}

private let quiet: Logger = {
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  return logger
}()

private struct Refusal: Error {}

private struct Counting: Module {
  var database: DatabaseProcessor
}

private struct ThingHappened: Event {
  static let name = "counting.thing.happened.v1"
  let number: Int
}

private struct CountThings: EventHandler {
  func handle(_ event: ThingHappened, in module: Counting) async throws {
    _ = try await module.database.run(.init("INSERT INTO counted VALUES (\(event.number))"))
  }
}

private struct FailAlways: EventHandler {
  func handle(_ event: ThingHappened, in module: Counting) async throws {
    _ = try await module.database.run(.init("INSERT INTO counted VALUES (\(event.number))"))
    throw Refusal()
  }
}
