import CoreMetrics
import Logging
import ServiceLifecycle
import Synchronization

/// The connections of one client: performs what the two state machines decide.
///
/// Its lock and a connection's are never held together.
final class Pool: ConnectionOwner, Sweepable {
  /// How often gauges are reported: as often as metrics are commonly collected.
  static let reportInterval = Duration.seconds(5)

  struct State {
    var machine: PoolStateMachine<ServerConnection, Call>
    var pipeline: PipelineStateMachine<ServerConnection, Call>
    /// All open connections, whoever uses them.
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    /// Connections that are being checked, and since when nobody has used them.
    var checking: [ObjectIdentifier: MonotonicTime] = [:]
    var drainWaiters: [UnsafeContinuation<Void, Never>] = []
    var drainUntil = MonotonicTime.distantFuture
  }

  let configuration: PostgresConfiguration
  let listener: Listener
  let logger: Logger
  let metrics: PoolMetrics
  let connector: Connector
  let state: Mutex<State>

  init(configuration: PostgresConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
    metrics = PoolMetrics(label: configuration.metricsLabel)
    connector = Connector(configuration: configuration, logger: logger)
    listener = Listener(connector: connector)
    let backoff = Backoff(minimum: configuration.minBackoff, maximum: configuration.maxBackoff)
    let machine = PoolStateMachine<ServerConnection, Call>(
      limits: .init(
        size: configuration.poolSize,
        maxWaiters: configuration.maxWaiters,
        acquireTimeout: configuration.acquireTimeout,
        idleTimeout: configuration.idleTimeout,
        idleCheck: configuration.idleCheck
      ),
      backoff: backoff
    )
    let pipeline = PipelineStateMachine<ServerConnection, Call>(
      limits: .init(
        connections: configuration.pipelinedConnections,
        maxLoad: configuration.pipelineDepth + configuration.maxWaiters
          / max(1, configuration.pipelinedConnections),
        maxWaiters: configuration.maxWaiters,
        acquireTimeout: configuration.acquireTimeout
      ),
      backoff: backoff
    )
    state = Mutex(State(machine: machine, pipeline: pipeline))
    EventLoop.shared.add(self)
  }

  var statistics: PostgresPoolStatistics {
    state.withLock { state in
      PostgresPoolStatistics(
        idle: state.machine.idleCount,
        leased: state.machine.leasedCount,
        connecting: state.machine.connecting + (state.pipeline.connecting ? 1 : 0),
        waiting: state.machine.waitingCount + state.pipeline.waitingCount,
        pipelined: state.pipeline.connections.count
      )
    }
  }

  // MARK: calls

  func run(_ call: Call) async throws -> PostgresRows {
    guard
      case .rows(let rows) = try await call.value(starting: start, abandoning: { self.abandon($0) })
    else {
      throw PostgresClientError.misuse("the statement has no result")
    }
    return rows
  }

  func lease() async throws -> PostgresConnection {
    let call = Call(.lease, deadline: .distantFuture)
    guard
      case .lease(let connection) = try await call.value(
        starting: start,
        abandoning: { self.abandon($0) }
      )
    else {
      throw PostgresClientError.misuse("no connection was lent")
    }
    return connection
  }

  func start(_ call: Call) {
    let now = MonotonicTime.now
    let (acquired, isAlone) = state.withLock { state in
      let acquired = state.machine.acquire(call, at: now)
      if case .connection(let connection) = acquired { call.connection = connection }
      return (acquired, state.machine.leasedCount == 1)
    }
    switch acquired {
    case .connection(let connection): serve(call, on: connection, alone: isAlone)
    case .wait(let count, let until):
      open(count)
      EventLoop.shared.wake(by: until)
    case .refused(let error): call.fail(error)
    }
  }

  func serve(_ call: Call, on connection: ServerConnection, alone: Bool = false) {
    if case .lease = call.kind { return lend(connection, to: call) }
    connection.serve(call, alone: alone)
  }

  var isQuiet: Bool { state.withLock { $0.machine.leasedCount == 1 } }

  func lend(_ connection: ServerConnection, to call: Call) {
    let lent = PostgresConnection(connection, lease: connection.beginLease())
    if call.claim() { call.resume(.success(.lease(lent))) } else { lent.giveBack() }
  }

  /// A caller gave up; its call has been claimed.
  func abandon(_ call: Call) {
    let connection: ServerConnection? = state.withLock { state in
      if state.machine.remove(call) || state.pipeline.remove(call) { return nil }
      return call.connection
    }
    connection?.abandon(call)
    drainIfDone()
  }

  // MARK: connections

  func givenBack(_ connection: ServerConnection) -> Call? {
    let now = MonotonicTime.now
    let placed = state.withLock { state in
      var placed: PoolStateMachine<ServerConnection, Call>.Placed
      if !state.checking.isEmpty,
        let since = state.checking.removeValue(forKey: ObjectIdentifier(connection))
      {
        placed = state.machine.checked(connection, unusedSince: since, at: now)
      } else {
        placed = state.machine.release(connection, at: now)
      }
      if case .serve(let call, _) = placed { call.connection = connection }
      return placed
    }
    switch placed {
    case .serve(let call, let since):
      metrics.acquire.recordNanoseconds(now.nanoseconds(since: since))
      if case .lease = call.kind {
        lend(connection, to: call)
        return nil
      }
      return call
    case .parked: drainIfDone()
    case .close: connection.close(.closed)
    }
    return nil
  }

  func returned(_ call: Call, from connection: ServerConnection) {
    guard connection.role == .exclusive else {
      // It was closed after it had been chosen; it must not be chosen again.
      state.withLock { $0.pipeline.ended(connection) }
      return startPipelined(call)
    }
    start(call)
  }

  func failed(statements: Int) { metrics.errors.increment(by: statements) }

  func notified(_ messages: [PostgresNotification]) {
    // Somebody ran LISTEN as a statement. Its session serves others as well, so nobody can be
    // meant.
    logger.debug("a notification on a connection of the pool was dropped")
  }

  func ended(_ connection: ServerConnection, reason: String) {
    logger.debug(
      "connection ended",
      metadata: ["db.connection.pid": "\(connection.processID)", "reason": "\(reason)"]
    )
    let count = state.withLock { state in
      state.connections[ObjectIdentifier(connection)] = nil
      state.checking[ObjectIdentifier(connection)] = nil
      guard connection.role == .exclusive else {
        state.pipeline.ended(connection)
        return 0
      }
      return state.machine.ended(connection, at: .now)
    }
    open(count)
    drainIfDone()
  }

  func open(_ count: Int) {
    for _ in 0..<count {
      connector.open(role: .exclusive, owner: self) { result in
        switch result {
        case .success(let connection): self.opened(connection)
        case .failure(let failure): self.openFailed(failure)
        }
      }
    }
  }

  func opened(_ connection: ServerConnection) {
    metrics.connects.increment()
    let placed = state.withLock { state in
      let placed = state.machine.opened(connection, at: .now)
      state.connections[ObjectIdentifier(connection)] = connection
      if case .serve(let call, _) = placed { call.connection = connection }
      return placed
    }
    switch placed {
    case .serve(let call, _): serve(call, on: connection)
    case .parked: wakeForIdle()
    case .close: connection.close(.closed)
    }
    EventLoop.shared.wake(by: connection.expiresAt)
  }

  func openFailed(_ failure: ConnectionAttempt.Failure) {
    metrics.connectFailures.increment()
    let (calls, retryAt) = state.withLock { state in
      let calls = state.machine.openFailed(
        failure.error,
        isPermanent: failure.isPermanent,
        at: .now,
        random: .random(in: 0...1)
      )
      return (calls, state.machine.backoff.retryAt)
    }
    for call in calls { call.fail(failure.error) }
    if let retryAt { EventLoop.shared.wake(by: retryAt) }
    drainIfDone()
  }

  func wakeForIdle() {
    EventLoop.shared.wake(
      by: .now.advanced(by: min(configuration.idleCheck, configuration.idleTimeout))
    )
  }
}
