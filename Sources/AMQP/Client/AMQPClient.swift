package import Logging
import ServiceLifecycle
import Synchronization

/// A client of one broker and vhost: one connection for publishing, one for consuming and
/// everything else.
///
/// It works as soon as it is constructed and connects at the first call; ``run()`` keeps both
/// connections up from the start and closes them at graceful shutdown. A lost connection is made
/// again with jittered back-off; topology and subscriptions are restored.
package final class AMQPClient: Service, Sendable {
  let publishing: ConnectionHandle
  let consuming: ConnectionHandle
  let configuration: AMQPConfiguration

  package init(configuration: AMQPConfiguration, logger: Logger) {
    self.configuration = configuration
    let topology = RememberedTopology()
    let metrics = AMQPMetrics()
    func connection(_ role: ConnectionRole) -> ConnectionHandle {
      ConnectionHandle(
        role: role,
        configuration: configuration,
        topology: topology,
        metrics: metrics,
        logger: logger
      )
    }
    // RabbitMQ stops reading from connections that publish when it is short of memory or disk;
    // acknowledgements must not be stuck behind that.
    publishing = connection(.publishing)
    consuming = connection(.consuming)
  }

  deinit {
    publishing.send(.close)
    consuming.send(.close)
  }

  /// Keeps the connections up until graceful shutdown or cancellation, then closes the client.
  package func run() async throws {
    publishing.send(.start)
    consuming.send(.start)
    await withTaskCancellationOrGracefulShutdownHandler {
      await publishing.closed()
      await close()
    } onCancelOrGracefulShutdown: { [publishing] in
      publishing.send(.close)
    }
  }

  /// Refuses new calls, waits for outstanding confirms (at most `drainTimeout`), sends the
  /// acknowledgements given so far, ends consumers and disconnects.
  ///
  /// Deliveries still unsettled go back to their queues.
  package func close() async {
    publishing.send(.close)
    await publishing.closed()
    // Only now: what waits for a confirm may be about to acknowledge the message that caused it.
    consuming.send(.close)
    await consuming.closed()
  }

  /// Publishes a message and returns once the broker has taken responsibility for it (publisher
  /// confirm).
  /// - Parameters:
  ///   - mandatory: whether a message that matches no queue is an error.
  ///   - deadline: from now; the configuration's default if nil.
  /// - Throws: ``AMQPError``, or `CancellationError` when the task is cancelled (the message may
  ///   have been sent all the same).
  package func publish(
    _ message: AMQPMessage,
    exchange: String,
    routingKey: String,
    mandatory: Bool = true,
    deadline: Duration? = nil
  ) async throws {
    try message.validate()
    try AMQPError.requireShort(exchange)
    try AMQPError.requireShort(routingKey)
    let id = publishing.nextID()
    let latest = ContinuousClock.now + (deadline ?? configuration.defaultDeadline)
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waiter in
        publishing.send(
          .publish(
            PublishRequest(
              id: id,
              message: message,
              exchange: exchange,
              routingKey: routingKey,
              mandatory: mandatory,
              deadline: latest,
              waiter: waiter
            )
          )
        )
        // Cancelled before the request was in line: the handler below has found nothing.
        if Task.isCancelled { publishing.send(.cancel(id)) }
      }
    } onCancel: {
      publishing.send(.cancel(id))
    }
  }

  /// Subscribes to a queue.
  /// - Parameters:
  ///   - prefetch: how many messages may be in hand unsettled; at least 1.
  ///   - consumerTag: shown by the broker's management tools; made up if nil.
  package func consume(_ queue: String, prefetch: UInt16, consumerTag: String? = nil)
    -> AMQPConsumer
  {
    let tag = consumerTag ?? "\(configuration.connectionName).\(consuming.nextID())"
    let consumer = AMQPConsumer(
      queue: queue,
      prefetch: max(prefetch, 1),
      tag: tag,
      connection: consuming
    )
    consuming.send(.subscribe(consumer))
    return consumer
  }
}
