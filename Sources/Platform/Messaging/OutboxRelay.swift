package import AMQP
import AsyncAlgorithms
package import Logging
package import Postgres
import ServiceLifecycle

/// Sends the outbox to the broker: takes a batch under lock, publishes it with confirms, deletes it.
///
/// Any number of relays run side by side. A message whose confirm or deletion is lost is sent again with the same id.
package struct OutboxRelay: Service {
  /// As many as the publisher's window: more would only wait there.
  static let batch = 256
  /// The outbox is looked at this often even without a signal, so a lost one costs a second at most.
  static let pollInterval = Duration.seconds(1)
  /// Rows stay locked while the broker confirms; past this the batch is given back.
  static let publishDeadline = Duration.seconds(10)
  /// The broker or the database is away: no need to ask more often.
  static let faultPause = Duration.seconds(1)

  let pool: PostgresClient
  let broker: AMQPClient
  let tenant: String
  let worker: String
  let logger: Logger

  package init(pool: PostgresClient, broker: AMQPClient, tenant: String, worker: String, logger: Logger) {
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
      logger.warning("the outbox could not be relayed; it will be tried again", metadata: [LogKey.error: "\(error)"])
      try? await Task.sleep(for: Self.faultPause)
    }
  }

  /// Relays one batch; how many messages it had.
  package func relayBatch() async throws -> Int {
    try await DatabaseProcessor(pool: pool).transaction { transaction in
      let rows = try await transaction.process(TakeOutboxMessages(batch: Int32(Self.batch)))
      guard !rows.isEmpty else { return 0 }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for row in rows {
          group.addTask { try await publish(row) }
        }
        try await group.waitForAll()
      }
      FaultPoint.outboxConfirmed.reach()
      _ = try await transaction.process(DeleteOutboxMessages(ids: rows.map(\.id)))
      return rows.count
    }
  }

  private func publish(_ row: TakeOutboxMessages.Row) async throws {
    var headers: [String: AMQPHeaderValue] = [MessageHeader.tenant: .string(tenant), MessageHeader.attempt: .int(1)]
    if let traceparent = row.traceparent { headers[MessageHeader.traceparent] = .string(traceparent) }
    if let causation = row.causationId { headers[MessageHeader.causation] = .string(causation) }
    let message = AMQPMessage(
      messageID: row.id.description, correlationID: row.correlationId, type: row.name, timestamp: row.createdAt.seconds, appID: worker,
      contentType: "application/json", headers: headers, body: row.body)
    // An event that no hook listens to yet is unroutable and done; a job must have its queue.
    try await broker.publish(
      message, exchange: row.kind.exchange, routingKey: row.name, mandatory: row.kind == .job, deadline: Self.publishDeadline)
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
}
