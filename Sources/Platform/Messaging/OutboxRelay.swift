package import AMQP
import AsyncAlgorithms
package import Logging
package import Postgres
import ServiceLifecycle

/// Sends the outbox to the broker: takes a batch under lock, publishes it with confirms, deletes
/// it.
///
/// Any number of relays run side by side. A message whose confirm or deletion is lost is sent again
/// with the same id. One that the broker refuses (a job whose queue no consumer has declared yet)
/// is put off, and the others go on.
package struct OutboxRelay: Service {
  /// As many as the publisher's window: more would only wait there.
  static let batch = 256
  /// The outbox is looked at this often even without a signal, so a lost one costs a second at
  /// most.
  static let pollInterval = Duration.seconds(1)
  /// Rows stay locked while the broker confirms; past this the batch is given back.
  static let publishDeadline = Duration.seconds(10)
  /// What the broker refuses is tried again this often at least: a queue that is declared late gets
  /// its messages within a minute.
  static let longestPause = Duration.seconds(60)
  /// While the broker or the database is down, there is no need to try more often.
  static let faultPause = Duration.seconds(1)

  let pool: PostgresClient
  let broker: AMQPClient
  let tenant: String
  let worker: String
  let logger: Logger

  package init(
    pool: PostgresClient,
    broker: AMQPClient,
    tenant: String,
    worker: String,
    logger: Logger
  ) {
    self.pool = pool
    self.broker = broker
    self.tenant = tenant
    self.worker = worker
    self.logger = logger
  }

  package func run() async throws {
    let signals = pool.listen(OutboxSignal.channel)
    let ticks = AsyncTimerSequence(interval: Self.pollInterval, clock: .continuous)
    for await _ in merge(signals.map { _ in }, ticks.map { _ in }).cancelOnGracefulShutdown() {
      await drain()
    }
  }

  private func drain() async {
    do {
      while try await relayBatch() == Self.batch {}
    } catch is CancellationError {
      return
    } catch {
      logger.warning(
        "the outbox could not be relayed; it will be retried",
        metadata: [LogKey.error: "\(error)"]
      )
      try? await Task.sleep(for: Self.faultPause)
    }
  }

  /// Relays one batch; how many messages it had. What was confirmed is deleted, also when this
  /// throws because the broker went away.
  package func relayBatch() async throws -> Int {
    let (count, outage) = try await DatabaseProcessor(pool: pool).transaction { transaction in
      let rows = try await transaction.process(Outbox.Take(batch: Int32(Self.batch)))
      guard !rows.isEmpty else { return (0, nil as (any Error)?) }
      let outcome = BatchOutcome(await publish(rows))
      FaultPoint.outboxConfirmed.reach()
      if !outcome.confirmed.isEmpty {
        _ = try await transaction.process(Outbox.Delete(ids: outcome.confirmed))
      }
      if !outcome.refused.isEmpty {
        _ = try await transaction.process(
          Outbox.Postpone(
            longestPauseSeconds: Self.longestPause.inSeconds,
            ids: outcome.refused.map(\.id)
          )
        )
      }
      for (id, error) in outcome.refused {
        logger.warning(
          "the broker refused a message; it stays in the outbox",
          metadata: [
            LogKey.messageID: "\(id)",
            LogKey.messageName: "\(rows.first { $0.id == id }?.name ?? "")",
            LogKey.error: "\(error)",
          ]
        )
      }
      return (rows.count, outcome.outage)
    }
    if let outage { throw outage }
    return count
  }

  private func publish(_ rows: [Outbox.Take.Row]) async -> [BatchOutcome.Answer] {
    await withTaskGroup(of: BatchOutcome.Answer.self) { group in
      for row in rows {
        group.addTask {
          do {
            try await publish(row)
            return BatchOutcome.Answer(id: row.id, error: nil)
          } catch {
            return BatchOutcome.Answer(id: row.id, error: error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func publish(_ row: Outbox.Take.Row) async throws {
    var headers: [String: AMQPHeaderValue] = [
      MessageHeader.tenant: .string(tenant), MessageHeader.attempt: .int(1),
    ]
    if let traceparent = row.traceparent {
      headers[MessageHeader.traceparent] = .string(traceparent)
    }
    if let causation = row.causationID { headers[MessageHeader.causation] = .string(causation) }
    let message = AMQPMessage(
      messageID: row.id.description,
      correlationID: row.correlationID,
      type: row.name,
      timestamp: row.createdAt.seconds,
      appID: worker,
      contentType: "application/json",
      headers: headers,
      body: row.body
    )
    // An event that no hook listens to yet is unroutable and done; a job must have its queue.
    try await broker.publish(
      message,
      exchange: row.kind.exchange,
      routingKey: row.name,
      mandatory: row.kind == .job,
      deadline: Self.publishDeadline
    )
  }
}

/// The headers that Helium adds to messages.
package enum MessageHeader {
  package static let tenant = "x-tenant-id"
  package static let traceparent = "traceparent"
  package static let causation = "x-causation-id"
  package static let attempt = "x-attempt"
  /// On dead letters: which queue gave the message up, and why.
  package static let failedQueue = "x-failed-queue"
  package static let failure = "x-failure"
  /// RabbitMQ's own: how often a quorum queue has handed a message out before, and where it moved
  /// it from.
  static let deliveries = "x-delivery-count"
  static let deaths = "x-death"
}
