import AMQP
import Logging
import Platform
import Synchronization
import TestKit
import WorldKit

@testable import Platform

/// A database and a broker with a relay, and one hook whose effects are rows.
struct MessagingWorld: Sendable {
  let world: World
  let tally: TallyModule
  let broker: AMQPClient
  let hook: Hook
  let retries: RetryPolicy

  static let tenant = "tenant"

  var relay: OutboxRelay {
    OutboxRelay(
      pool: world.client,
      broker: broker,
      tenant: Self.tenant,
      worker: "test",
      logger: quiet
    )
  }

  func consumer(on broker: AMQPClient? = nil) -> MessageConsumer {
    MessageConsumer(
      hook: hook,
      pool: world.client,
      signal: nil,
      broker: broker ?? self.broker,
      retries: retries,
      tenant: Self.tenant,
      clock: world.clock.clock,
      logger: quiet,
      slots: HandlerSlots(poolSize: 20)
    )
  }

  /// Publishes events in one transaction.
  func publish(_ labels: [String]) async throws {
    try await tally.transaction { tally in
      try await tally.publish(labels.map { LabelCounted(label: $0) })
    }
  }

  /// Sends the whole outbox.
  func relayAll() async throws {
    while try await relay.relayBatch() > 0 {}
  }

  /// Runs a consumer of the hook while `body` runs.
  func whileConsuming(_ body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try? await consumer().run() }
      do { try await body() } catch {
        group.cancelAll()
        throw error
      }
      group.cancelAll()
    }
  }

  func depth(_ queue: String) async throws -> Int {
    try await broker.queueDepth(queue).messages
  }

  /// What was put off is due at once.
  func makePostponedDue() async throws {
    try await world.execute("UPDATE platform.outbox SET not_before = NULL")
  }

  /// Waits until a queue holds so many messages: quorum queues count them a little later.
  func waitForDepth(_ count: Int, of queue: String) async throws {
    try await eventually { try await depth(queue) == count }
  }

  /// A message as the relay sends it.
  func message(_ label: String = "a", tenant: String = Self.tenant) -> AMQPMessage {
    AMQPMessage(
      messageID: world.ids.next(MessageID.self).description,
      type: LabelCounted.name,
      headers: [MessageHeader.tenant: .string(tenant), MessageHeader.attempt: .int(1)],
      body: Array(#"{"label":"\#(label)"}"#.utf8)
    )
  }

  func send(_ message: AMQPMessage) async throws {
    try await broker.publish(message, exchange: "", routingKey: hook.queue)
  }
}

let quiet: Logger = {
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  return logger
}()

func makeBroker(_ url: String) throws -> AMQPClient {
  var configuration = try AMQPConfiguration(url: url)
  // A loaded machine must not fail a test.
  configuration.defaultDeadline = .seconds(60)
  return AMQPClient(configuration: configuration, logger: quiet)
}

func withMessaging(
  _ failures: FailingCalls = FailingCalls(),
  retries: RetryPolicy = RetryPolicy(delays: [1]),
  _ body: (MessagingWorld, TestMessaging) async throws -> Void
) async throws {
  try await withTally { world, tally in
    try await withTestMessaging { messaging in
      let broker = try makeBroker(messaging.url)
      let hook = Hook(InsertLabelOfEvent(failures: failures), named: "tally.insert", in: tally)
      do {
        try await broker.declare(.helium(hooks: [hook], retries: retries))
        try await body(
          MessagingWorld(world: world, tally: tally, broker: broker, hook: hook, retries: retries),
          messaging
        )
      } catch {
        await broker.close()
        throw error
      }
      await broker.close()
    }
  }
}
