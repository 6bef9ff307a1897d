package import AMQP
package import Logging
package import Postgres
import ServiceContextModule
import ServiceLifecycle

/// Delivers the messages of one hook's queue to its handler, each with an effect exactly once.
///
/// A transactional handler runs in the transaction that inserts its inbox row; the delivery is acknowledged after the commit. What fails
/// is sent to a retry queue, and in the end to the dead letters, before the delivery is acknowledged.
package struct MessageConsumer: Service {
  let hook: Hook
  let pool: PostgresClient
  let signal: OutboxSignal?
  let broker: AMQPClient
  let retries: RetryPolicy
  let tenant: String
  let clock: WallClock
  let logger: Logger

  package init(
    hook: Hook, pool: PostgresClient, signal: OutboxSignal?, broker: AMQPClient, retries: RetryPolicy = .standard, tenant: String,
    clock: WallClock, logger: Logger
  ) {
    self.hook = hook
    self.pool = pool
    self.signal = signal
    self.broker = broker
    self.retries = retries
    self.tenant = tenant
    self.clock = clock
    self.logger = logger
  }

  package func run() async throws {
    let consumer = broker.consume(hook.queue, prefetch: UInt16(hook.concurrency))
    try await withGracefulShutdownHandler {
      // Prefetch bounds how many are in hand, so the group can't grow past it; leaving it waits for all of them.
      try await withThrowingDiscardingTaskGroup { group in
        for try await delivery in consumer {
          group.addTask { await handle(delivery) }
        }
      }
    } onGracefulShutdown: {
      consumer.stop()
    }
  }

  private func handle(_ delivery: AMQPDelivery) async {
    let attempt = delivery.message.headers[MessageHeader.attempt]?.int.map(Int.init) ?? 1
    var logger = logger
    logger[metadataKey: LogKey.queue] = "\(hook.queue)"
    logger[metadataKey: LogKey.messageID] = "\(delivery.message.messageID ?? "")"
    logger[metadataKey: LogKey.messageName] = "\(delivery.message.type ?? "")"
    logger[metadataKey: LogKey.attempt] = "\(attempt)"
    do {
      do {
        try await Telemetry.$logger.withValue(logger) { try await deliver(delivery, attempt: attempt) }
      } catch {
        try await settle(delivery, attempt: attempt, after: error, logger)
      }
      FaultPoint.effectCommitted.reach()
      delivery.ack()
    } catch {
      // Neither handled nor handed on: the broker keeps it and delivers it again.
      logger.warning("the message goes back to its queue", metadata: [LogKey.error: "\(error)"])
      delivery.nack(requeue: true)
    }
  }

  private func deliver(_ delivery: AMQPDelivery, attempt: Int) async throws {
    let message = delivery.message
    guard message.headers[MessageHeader.tenant]?.string == tenant else {
      throw Discard("the message is of tenant \(message.headers[MessageHeader.tenant]?.string ?? "none")")
    }
    guard let id = message.messageID.flatMap(Identifier<MessageID>.init) else { throw Discard("message_id is no UUID") }
    let context = MessageContext(
      id: id, name: message.type ?? hook.messageName, correlationID: message.correlationID ?? id.description, attempt: attempt)
    let request = RequestContext(requestID: context.correlationID, causationID: id.description)
    var service = ServiceContext.current ?? .topLevel
    service.trace = message.headers[MessageHeader.traceparent]?.string.flatMap(TraceContext.init(traceparent:))
    try await ServiceContext.withValue(service) {
      try await RequestContext.$current.withValue(request) {
        switch hook.delivery {
        case .external(let handle):
          try await handle(message.body, context)
        case .transactional(let handle):
          try await DatabaseProcessor(pool: pool, signal: signal).transaction { transaction in
            let inserted = try await transaction.process(
              InsertInboxMessage(hook: hook.name, messageId: id, handledAt: clock.now))
            if inserted == 1 { try await handle(message.body, transaction) }
          }
        }
      }
    }
  }

  /// Hands a message that failed to its next place: a retry queue or the dead letters.
  private func settle(_ delivery: AMQPDelivery, attempt: Int, after error: any Error, _ logger: Logger) async throws {
    if error is CancellationError { throw error }
    let decision = error is Discard ? .giveUp : retries.decision(after: attempt)
    var message = delivery.message
    message.headers[MessageHeader.failure] = .string(String(String(describing: error).prefix(DeadLetter.longestFailure)))
    switch decision {
    case .retry(let seconds):
      logger.warning("the message failed and will be tried again", metadata: [LogKey.error: "\(error)"])
      message.headers[MessageHeader.attempt] = .int(Int64(attempt + 1))
      try await broker.publish(message, exchange: RetryPolicy.queue(forDelay: seconds), routingKey: hook.queue, mandatory: false)
    case .giveUp:
      logger.error("the message is given up; see `helium messages dead`", metadata: [LogKey.error: "\(error)"])
      message.headers[MessageHeader.failedQueue] = .string(hook.queue)
      try await broker.publish(message, exchange: "", routingKey: ExchangeName.deadLetters)
    }
  }
}
