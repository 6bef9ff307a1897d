package import AMQP
package import Logging
package import Metrics
import ServiceLifecycle
import Synchronization

/// Measures what waits to be handled: queues on the broker, and the outbox. What scales consumers
/// looks at these.
///
/// `helium_queue_messages` and `helium_queue_lag_seconds` by `queue`, `helium_outbox_messages` and
/// `helium_outbox_age_seconds`. They are sampled, so a scrape costs the broker and the database
/// nothing.
package final class QueueMonitor: Service {
  private struct Gauges: Sendable {
    let messages: Meter
    let lag: Meter
  }

  private let queues: [(name: String, gauges: Gauges)]
  private let lags: Mutex<[String: QueueLag]>
  private let outbox: (messages: Meter, age: Meter)?
  private let broker: AMQPClient
  private let database: DatabaseProcessor
  private let clock: WallClock
  private let logger: Logger

  /// - Parameters:
  ///   - queues: the queues to measure. They must be there.
  ///   - measuresOutbox: whether the outbox is measured too.
  package init(
    queues: [String],
    measuresOutbox: Bool,
    broker: AMQPClient,
    database: DatabaseProcessor,
    clock: WallClock,
    logger: Logger,
    metrics: any MetricsFactory = MetricsSystem.factory
  ) {
    func meter(_ label: String, _ dimensions: [(String, String)] = []) -> Meter {
      Meter(label: label, dimensions: dimensions, factory: metrics)
    }
    self.queues = queues.map { queue in
      let dimensions = [("queue", queue)]
      return (
        queue,
        Gauges(
          messages: meter("helium_queue_messages", dimensions),
          lag: meter("helium_queue_lag_seconds", dimensions)
        )
      )
    }
    outbox =
      measuresOutbox ? (meter("helium_outbox_messages"), meter("helium_outbox_age_seconds")) : nil
    let start = clock.now
    lags = Mutex(Dictionary(uniqueKeysWithValues: queues.map { ($0, QueueLag(start: start)) }))
    self.broker = broker
    self.database = database
    self.clock = clock
    self.logger = logger
  }

  package func run() async throws {
    await Sampler(failure: "queues could not be measured", logger: logger).run(sample)
  }

  /// Measures everything once: a round trip for each queue.
  package func sample() async throws {
    for (queue, gauges) in queues {
      let messages = try await broker.queueDepth(queue).messages
      let now = clock.now
      let lag = lags.withLock { lags in
        lags[queue]?.sampled(messages: messages, at: now)
        return lags[queue]?.lag(at: now) ?? .zero
      }
      gauges.messages.set(Int64(messages))
      gauges.lag.set(lag.inSeconds)
    }
    guard let outbox else { return }
    let waiting = try await database.process(Outbox.Measure())
    outbox.messages.set(waiting.messages)
    outbox.age.set(waiting.oldest.map { max(.zero, clock.now - $0).inSeconds } ?? 0)
  }

  /// A message of `queue` came to this worker.
  func note(_ message: AMQPMessage, of queue: String, attempt: Int) {
    guard attempt == 1, let timestamp = message.timestamp else { return }
    lags.withLock { $0[queue]?.delivered(publishedAt: Instant(seconds: timestamp)) }
  }
}
