import CoreMetrics
import Logging
import ServiceLifecycle
import Synchronization

/// What the pool does by itself: checks of idle connections, reports, and its end.
extension Pool {
  func sweep(at now: MonotonicTime) -> MonotonicTime {
    let (due, pipelineDue, connections) = state.withLock { state in
      let due = state.machine.due(at: now)
      for check in due.check {
        state.checking[ObjectIdentifier(check.connection)] = check.unusedSince
      }
      return (due, state.pipeline.due(at: now), Array(state.connections.values))
    }
    for (call, error) in due.overdue + pipelineDue.overdue { call.fail(error) }
    for connection in due.close { connection.close(.closed) }
    for (connection, _) in due.check { check(connection, at: now) }
    for connection in pipelineDue.retire { connection.retire() }
    open(due.open)
    if pipelineDue.open { openPipelined() }
    drainIfDone(at: now)
    var next = min(due.next, pipelineDue.next, listener.sweep(at: now))
    for connection in connections { next = min(next, connection.sweep(at: now)) }
    // Connections that are lent now will be idle later.
    if !connections.isEmpty {
      next = min(next, now.advanced(by: min(configuration.idleCheck, configuration.idleTimeout)))
    }
    return min(next, state.withLock { $0.drainUntil })
  }

  /// A round trip that shows whether the server still is at the other end.
  func check(_ connection: ServerConnection, at now: MonotonicTime) {
    let call = Call(.statement(.ping), deadline: now.advanced(by: configuration.cancelGrace)) {
      result in
      if case .failure = result { connection.close(.closed) }
    }
    connection.serve(call)
  }

  func reportUntilShutdown() async {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        self.metrics.record(self.statistics)
        try? await Task.sleep(for: Self.reportInterval)
      }
    }
  }

  // MARK: the end

  /// Takes no new callers and waits for those that are there, for at most `drainTimeout`; then
  /// closes.
  func drain() async {
    let until = MonotonicTime.now.advanced(by: configuration.drainTimeout)
    for connection in state.withLock({ $0.machine.drain() }) { connection.close(.closed) }
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        state.withLock { state in
          state.drainWaiters.append(continuation)
          state.drainUntil = until
        }
        drainIfDone()
        EventLoop.shared.wake(by: until)
      }
    } onCancel: {
      close()
    }
    close()
  }

  /// Resumes those that wait for the pool to be empty, when it is or when they have waited long
  /// enough.
  func drainIfDone(at now: MonotonicTime? = nil) {
    let waiters: [UnsafeContinuation<Void, Never>] = state.withLock { state in
      guard !state.drainWaiters.isEmpty,
        state.machine.isDrained || now.map({ $0 >= state.drainUntil }) ?? false
      else { return [] }
      state.drainUntil = .distantFuture
      defer { state.drainWaiters.removeAll() }
      return state.drainWaiters
    }
    for waiter in waiters { waiter.resume() }
  }

  func close() {
    let (calls, connections) = state.withLock { state in
      let calls = state.machine.close() + state.pipeline.close().waiters
      return (calls, Array(state.connections.values))
    }
    for call in calls { call.fail(PostgresClientError.closed) }
    for connection in connections { connection.close(.closed) }
    listener.close()
    EventLoop.shared.remove(self)
    drainIfDone()
  }
}

extension PostgresQuery {
  /// The least that makes the server answer.
  static let ping = PostgresQuery("", prepared: false)
}
