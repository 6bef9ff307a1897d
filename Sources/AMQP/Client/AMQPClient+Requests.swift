/// Everything that is a request with a reply. All throw ``AMQPError``, or `CancellationError`.
extension AMQPClient {
  /// Declares exchanges, queues and bindings, and again after each reconnect. Declaring what exists
  /// alike changes nothing.
  package func declare(_ topology: AMQPTopology, deadline: Duration? = nil) async throws {
    let latest = ContinuousClock.now + (deadline ?? configuration.defaultDeadline)
    for request in topology.requests { _ = try await perform(request, until: latest) }
    consuming.topology.merge(topology)
  }

  /// How many messages are ready in a queue (not those in hand), and how many consumers it has.
  package func queueDepth(_ queue: String, deadline: Duration? = nil) async throws -> (
    messages: Int, consumers: Int
  ) {
    guard
      case .queue(let messages, let consumers) = try await perform(
        .inspectQueue(queue),
        within: deadline
      )
    else { return (0, 0) }
    return (messages, consumers)
  }

  /// Takes one message out of a queue, to be settled like any delivery; nil: the queue is empty.
  package func get(_ queue: String, deadline: Duration? = nil) async throws -> AMQPDelivery? {
    guard case .delivery(let delivery) = try await perform(.get(queue), within: deadline) else {
      return nil
    }
    return delivery
  }

  /// Drops every ready message of a queue and says how many they were.
  @discardableResult
  package func purge(_ queue: String, deadline: Duration? = nil) async throws -> Int {
    guard case .count(let count) = try await perform(.purge(queue), within: deadline) else {
      return 0
    }
    return count
  }

  /// Deletes a queue with its messages, and forgets it for reconnects.
  package func delete(queue: String, deadline: Duration? = nil) async throws {
    consuming.topology.forget(queue: queue)
    _ = try await perform(.delete(queue), within: deadline)
  }

  /// Asks the broker and waits for its answer.
  package func ping(deadline: Duration? = nil) async throws {
    _ = try await perform(.ping, within: deadline)
  }

  private func perform(_ request: AMQPRequest, within deadline: Duration?) async throws -> AMQPReply
  {
    try await perform(request, until: .now + (deadline ?? configuration.defaultDeadline))
  }

  private func perform(_ request: AMQPRequest, until deadline: ContinuousClock.Instant) async throws
    -> AMQPReply
  {
    try request.validate()
    let id = consuming.nextID()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waiter in
        consuming.send(
          .request(PendingRequest(id: id, request: request, deadline: deadline, waiter: waiter))
        )
        // Cancelled before the request was in line: the handler below has found nothing.
        if Task.isCancelled { consuming.send(.cancel(id)) }
      }
    } onCancel: {
      consuming.send(.cancel(id))
    }
  }
}
