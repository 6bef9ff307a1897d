import CoreMetrics
import Logging
import Metrics
import NIOCore
import Synchronization

/// A connection that many tasks send commands on.
///
/// A command is put into the queue by the task that sends it. The first one since the last turn of
/// the event loop asks for a turn, which writes everything that has come together in one piece.
final class CommandConnection: RedisLinkOwner {
  private let link: RedisLink
  private let metrics: RedisMetrics
  private let pendingMeter: Meter
  private let commandTimeout: Duration
  private let tickets = Atomic<UInt64>(0)
  private let state: Mutex<State>

  init(
    configuration: RedisConfiguration,
    tls: TLSContext?,
    logger: Logger,
    metrics: RedisMetrics,
    index: Int,
    eventLoop: any EventLoop
  ) {
    link = RedisLink(
      configuration: configuration,
      tls: tls,
      logger: logger,
      metrics: metrics,
      eventLoop: eventLoop
    )
    self.metrics = metrics
    pendingMeter = Meter(label: "redis_pending_commands", dimensions: [("connection", "\(index)")])
    commandTimeout = configuration.commandTimeout
    let queue = CommandQueue<Waiter>(
      maxInFlight: configuration.maxInFlight,
      maxPending: configuration.maxPending,
      maxPendingBytes: configuration.maxPendingBytes,
      grace: TimeAmount(configuration.commandTimeout)
    )
    state = Mutex(State(queue: queue))
    link.attach(self)
  }

  /// Sends a command and returns the reply, which may be an error reply.
  func send(_ command: RedisCommand, deadline: Duration?) async throws -> RESPValue {
    let ticket = tickets.wrappingAdd(1, ordering: .relaxed).newValue
    return try await withTaskCancellationHandler {
      // Unsafe is safe here: the queue hands each waiter back exactly once, and everything that is
      // handed back is resumed.
      try await withUnsafeThrowingContinuation { continuation in
        submit(.one(continuation), ticket, command.encoded, count: 1, deadline ?? commandTimeout)
      }
    } onCancel: {
      cancel(ticket)
    }
  }

  /// Sends commands back to back and returns all replies, which may be error replies.
  func send(_ commands: [RedisCommand], deadline: Duration?) async throws -> [RESPValue] {
    if commands.count == 1 { return [try await send(commands[0], deadline: deadline)] }
    let ticket = tickets.wrappingAdd(1, ordering: .relaxed).newValue
    let bytes = commands.flatMap(\.encoded)
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        submit(
          .several(continuation),
          ticket,
          bytes,
          count: commands.count,
          deadline ?? commandTimeout
        )
      }
    } onCancel: {
      cancel(ticket)
    }
  }

  /// Keeps the connection up from now on.
  func maintain() {
    state.withLock { $0.isMaintained = !$0.queue.isClosing }
    link.eventLoop.execute { [self] in link.demand() }
  }

  /// Refuses new commands, and closes once those held are done.
  func drain() {
    closeIf(
      state.withLock { state in
        state.queue.close()
        state.isMaintained = false
        return state.isDrained
      }
    )
  }

  /// Gives everything up and closes.
  func abandon() {
    let failures = state.withLock { state in
      state.queue.close()
      state.isMaintained = false
      return state.queue.failAll()
    }
    for failure in failures { failure.waiter.fail(RedisError.closed) }
    link.close()
  }

  /// Waits until the connection is closed for good.
  func closed() async {
    await link.closed()
  }

  // MARK: Called by the tasks that send

  private func submit(
    _ waiter: Waiter,
    _ ticket: UInt64,
    _ bytes: [UInt8],
    count: Int,
    _ timeout: Duration
  ) {
    let now = NIODeadline.now()
    let deadline = now + TimeAmount(timeout)
    let outcome: Result<Bool, RedisError> = state.withLock { state in
      Result { () throws(RedisError) in
        try state.queue.submit(
          waiter,
          ticket: ticket,
          bytes: bytes,
          count: count,
          at: now,
          deadline: deadline
        )
        state.earliestDeadline = min(state.earliestDeadline, deadline)
        defer { state.isTurnScheduled = true }
        return !state.isTurnScheduled
      }
    }
    switch outcome {
    case .success(let needsTurn):
      if needsTurn { link.eventLoop.execute { [self] in turn() } }
      // A cancellation that came before the command was in the queue has not found it there.
      if Task.isCancelled { cancel(ticket) }
    case .failure(let error):
      if error == .overloaded { metrics.refused.increment() }
      waiter.fail(error)
    }
  }

  private func cancel(_ ticket: UInt64) {
    let (waiter, isDrained) = state.withLock { ($0.queue.cancel(ticket), $0.isDrained) }
    guard let waiter else { return }
    metrics.cancelled.increment()
    waiter.fail(CancellationError())
    closeIf(isDrained)
  }

  // MARK: On the event loop

  /// Sends what has come together since the last turn.
  private func turn() {
    let (channel, output, needsTimer) = state.withLock { state in
      state.isTurnScheduled = false
      let output = state.takeOutput()
      pendingMeter.set(state.queue.pending)
      return (state.channel, output, state.earliestDeadline < state.timerDeadline)
    }
    if needsTimer { scheduleTimer() }
    if let channel, let output {
      channel.writeAndFlush(output, promise: nil)
    } else if channel == nil {
      link.demand()
    }
  }

  var needsLink: Bool { state.withLock { $0.isMaintained || $0.queue.waiters > 0 } }

  func linkReady(_ channel: any Channel) {
    state.withLock { state in
      state.channel = channel
      state.lastError = nil
    }
    turn()
  }

  func linkLost(_ error: RedisError) {
    let (failures, isDrained) = state.withLock { state in
      state.channel = nil
      state.lastError = error
      let failures =
        error.isPermanent || error == .closed ? state.queue.failAll() : state.queue.loseConnection()
      return (failures, state.isDrained)
    }
    if !failures.isEmpty { metrics.lost.increment(by: failures.count) }
    for failure in failures {
      failure.waiter.fail(failure.wasSent ? RedisError.connectionLost(error.reason) : error)
    }
    closeIf(isDrained)
  }

  func linkReceived(_ values: [RESPValue]) {
    let now = NIODeadline.now()
    let (completions, channel, output, isIntact, isDrained) = state.withLock { state in
      var completions: [CommandQueue<Waiter>.Completion] = []
      completions.reserveCapacity(values.count)
      let isIntact = state.receive(values, into: &completions)
      let output = state.takeOutput()
      pendingMeter.set(state.queue.pending)
      return (completions, state.channel, output, isIntact, state.isDrained)
    }
    if let channel, let output { channel.writeAndFlush(output, promise: nil) }
    finish(completions, at: now)
    if !isIntact { link.reset(because: "a reply without a command") }
    closeIf(isDrained)
  }

  private func finish(_ completions: [CommandQueue<Waiter>.Completion], at now: NIODeadline) {
    var errors = 0
    for completion in completions {
      errors += completion.reply.errorCount
      metrics.duration.recordNanoseconds((now - completion.submitted).nanoseconds)
      completion.waiter?.succeed(completion.reply)
    }
    metrics.commands.increment(by: completions.count)
    if errors > 0 { metrics.errorReplies.increment(by: errors) }
  }

  private func scheduleTimer() {
    state.withLock { state in
      state.timer?.cancel()
      state.timer = nil
      state.timerDeadline = state.earliestDeadline
      guard state.earliestDeadline < .distantFuture else { return }
      // No weak reference: it would make every other reference to this object slower, and the
      // deadline ends this one soon.
      state.timer = link.eventLoop.scheduleTask(deadline: state.earliestDeadline) { [self] in
        expire()
      }
    }
  }

  private func expire() {
    let now = NIODeadline.now()
    let (failures, error, isStalled, isDrained) = state.withLock { state in
      let failures = state.queue.expire(at: now)
      state.earliestDeadline = state.queue.nextDeadline ?? .distantFuture
      let reason =
        state.channel == nil
        ? RedisError.unavailable(state.lastError?.reason ?? "not connected in time") : nil
      return (failures, reason, state.queue.isStalled(at: now), state.isDrained)
    }
    if !failures.isEmpty { metrics.expired.increment(by: failures.count) }
    for failure in failures {
      failure.waiter.fail(
        failure.wasSent
          ? .deadlineExceeded(sent: true) : error ?? RedisError.deadlineExceeded(sent: false)
      )
    }
    if isStalled { link.reset(because: "no reply for too long") }
    scheduleTimer()
    closeIf(isDrained)
  }

  private func closeIf(_ isDrained: Bool) {
    if isDrained { link.close() }
  }
}
