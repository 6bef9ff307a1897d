package import AMQP
package import Logging
package import Postgres
import ServiceContextModule
import ServiceLifecycle

/// Delivers the messages of one hook's queue to its handler, each with an effect exactly once.
///
/// A transactional handler runs in the transaction that inserts its inbox row; the delivery is
/// acknowledged after the commit. What fails is sent to a retry queue, and in the end to the dead
/// letters, before the delivery is acknowledged.
package struct MessageConsumer: Service {
  let hook: Hook
  let pool: PostgresClient
  let signal: OutboxSignal?
  let broker: AMQPClient
  let retries: RetryPolicy
  let tenant: String
  let clock: WallClock
  let logger: Logger
  let monitor: QueueMonitor?
  let slots: HandlerSlots
  /// Waits before a message goes back to its queue. A test puts its own in.
  var pause: @Sendable (Duration) async -> Void = { duration in
    // A worker that is told to stop gives the message back at once.
    try? await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
  }

  /// - Parameter slots: shared by all consumers that share `pool`.
  package init(
    hook: Hook,
    pool: PostgresClient,
    signal: OutboxSignal?,
    broker: AMQPClient,
    retries: RetryPolicy = .standard,
    tenant: String,
    clock: WallClock,
    logger: Logger,
    monitor: QueueMonitor? = nil,
    slots: HandlerSlots
  ) {
    self.hook = hook
    self.pool = pool
    self.signal = signal
    self.broker = broker
    self.retries = retries
    self.tenant = tenant
    self.clock = clock
    self.logger = logger
    self.monitor = monitor
    self.slots = slots
  }

  package func run() async throws {
    let consumer = broker.consume(hook.queue, prefetch: UInt16(hook.concurrency))
    try await withGracefulShutdownHandler {
      // Prefetch bounds how many are in hand, so the group can't grow past it; leaving it waits for
      // all of them.
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
    let trace = delivery.message.headers[MessageHeader.traceparent]?.string.flatMap(
      TraceContext.init(traceparent:)
    )
    if let trace { logger[metadataKey: LogKey.traceID] = "\(trace.traceID)" }
    if let requestID = delivery.message.correlationID {
      logger[metadataKey: LogKey.requestID] = "\(requestID)"
    }
    monitor?.note(delivery.message, of: hook.queue, attempt: attempt)
    let start = ContinuousClock.now
    var outcome = "handled"
    do {
      do {
        try await Telemetry.$logger.withValue(logger) {
          try await deliver(delivery, attempt: attempt, trace: trace)
        }
      } catch {
        outcome = try await settle(delivery, attempt: attempt, after: error, logger)
      }
      FaultPoint.effectCommitted.reach()
      delivery.ack()
    } catch {
      // Neither handled nor passed on, so the broker delivers it again.
      logger.warning("the message is returned to its queue", metadata: [LogKey.error: "\(error)"])
      await pause(Self.pauseBeforeReturn(earlierDeliveries: delivery.message.earlierDeliveries))
      delivery.nack(requeue: true)
      outcome = "returned"
    }
    Telemetry.record(
      start.duration(to: .now),
      as: "helium_message_duration_seconds",
      [("queue", hook.queue), ("outcome", outcome)]
    )
  }

  private func deliver(_ delivery: AMQPDelivery, attempt: Int, trace: TraceContext?) async throws {
    let message = delivery.message
    guard message.headers[MessageHeader.tenant]?.string == tenant else {
      throw Discard(
        "the message belongs to tenant \(message.headers[MessageHeader.tenant]?.string ?? "none")"
      )
    }
    guard let id = message.messageID.flatMap(Identifier<MessageID>.init) else {
      throw Discard("message_id is not a UUID")
    }
    let context = MessageContext(
      id: id,
      name: message.type ?? hook.messageName,
      correlationID: message.correlationID ?? id.description,
      attempt: attempt
    )
    let request = RequestContext(requestID: context.correlationID, causationID: id.description)
    var service = ServiceContext.current ?? .topLevel
    service.trace = trace
    try await ServiceContext.withValue(service) {
      try await RequestContext.$current.withValue(request) {
        switch hook.delivery {
        case .external(let handle):
          try await handle(message.body, context)
        case .transactional(let handle):
          try await slots.withSlot {
            try await DatabaseProcessor(pool: pool, signal: signal).transaction { transaction in
              let inserted = try await transaction.process(
                Inbox.Insert(hook: hook.name, messageID: id, handledAt: clock.now)
              )
              if inserted == 1 { try await handle(message.body, transaction) }
            }
          }
        }
      }
    }
  }

  /// A message that goes back comes again at once: without a pause a broker that takes no publishes
  /// would be asked as fast as it answers.
  static func pauseBeforeReturn(earlierDeliveries: Int) -> Duration {
    .seconds(min(1 << min(max(earlierDeliveries, 0), 8), longestPauseSeconds))
  }

  /// A broker that has recovered is used again within this time.
  private static let longestPauseSeconds = 30

  /// Hands a message that failed to its next place, a retry queue or the dead letters, and says
  /// which.
  private func settle(
    _ delivery: AMQPDelivery,
    attempt: Int,
    after error: any Error,
    _ logger: Logger
  ) async throws -> String {
    if error is CancellationError { throw error }
    let decision = error is Discard ? .giveUp : retries.decision(after: attempt)
    var message = delivery.message
    message.headers[MessageHeader.deliveries] = nil
    message.headers[MessageHeader.failure] = .string(
      String(String(describing: error).prefix(DeadLetter.longestFailure))
    )
    switch decision {
    case .retry(let seconds):
      logger.warning(
        "the message failed and will be retried",
        metadata: [LogKey.error: "\(error)"]
      )
      message.headers[MessageHeader.attempt] = .int(Int64(attempt + 1))
      try await broker.publish(
        message,
        exchange: RetryPolicy.queue(forDelay: seconds),
        routingKey: hook.queue,
        mandatory: false
      )
      return "retried"
    case .giveUp:
      logger.error(
        "giving up on the message; see `helium messages dead`",
        metadata: [LogKey.error: "\(error)"]
      )
      message.headers[MessageHeader.failedQueue] = .string(hook.queue)
      try await broker.publish(message, exchange: "", routingKey: ExchangeName.deadLetters)
      return "given_up"
    }
  }
}
