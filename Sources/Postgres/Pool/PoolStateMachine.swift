import DequeModule

/// What the pool's logic needs to know of a connection.
protocol PooledConnection: AnyObject {
  var expiresAt: MonotonicTime { get }
}

/// What the pool's logic needs to know of a waiting call.
protocol PoolWaiter: AnyObject {
  var deadline: MonotonicTime { get }
  var isFinished: Bool { get }
}

extension ServerConnection: PooledConnection {}
extension Call: PoolWaiter {}

/// The logic of a pool whose connections are lent to one caller at a time: who gets which
/// connection, who waits, and when to open and close. It opens nothing itself; `Pool` performs what
/// it returns.
///
/// Waiting callers are served in the order in which they came.
struct PoolStateMachine<Connection: PooledConnection, Waiter: PoolWaiter> {
  struct Limits {
    var size: Int
    var maxWaiters: Int
    var acquireTimeout: Duration
    var idleTimeout: Duration
    var idleCheck: Duration
  }

  enum Phase: Equatable { case open, draining, closed }

  private struct Idle {
    let connection: Connection
    /// Since when no caller has used it.
    let unusedSince: MonotonicTime
    /// When the server last answered on it.
    let checkedAt: MonotonicTime
  }

  private struct Waiting {
    let waiter: Waiter
    let since: MonotonicTime
    let until: MonotonicTime
  }

  let limits: Limits
  private(set) var phase = Phase.open
  private(set) var backoff: Backoff
  /// The last one is lent first, so that those not needed grow old and are closed.
  private var idle: [Idle] = []
  private var waiting: Deque<Waiting> = []
  /// Open connections, lent or not.
  private(set) var open = 0
  private(set) var connecting = 0
  private var failure = OpenFailure()

  init(limits: Limits, backoff: Backoff) {
    self.limits = limits
    self.backoff = backoff
  }

  var idleCount: Int { idle.count }
  var leasedCount: Int { open - idle.count }
  var waitingCount: Int { waiting.count }
  var isDrained: Bool { phase != .open && leasedCount == 0 && waiting.isEmpty }

  // MARK: callers

  enum Acquired {
    case connection(Connection)
    /// The caller waits; this many connections are to be opened.
    case wait(open: Int, until: MonotonicTime)
    case refused(PostgresClientError)
  }

  mutating func acquire(_ waiter: Waiter, at now: MonotonicTime) -> Acquired {
    guard phase == .open else { return .refused(.closed) }
    if let connection = idle.popLast()?.connection { return .connection(connection) }
    if let standing = failure.standing, !backoff.allows(at: now) { return .refused(standing) }
    guard waiting.count < limits.maxWaiters else { return .refused(.poolExhausted) }
    let until = now.advanced(by: limits.acquireTimeout)
    waiting.append(Waiting(waiter: waiter, since: now, until: until))
    return .wait(open: toOpen(at: now), until: min(until, waiter.deadline))
  }

  /// A caller stopped waiting; false if it was not in the queue.
  mutating func remove(_ waiter: Waiter) -> Bool {
    guard let index = waiting.firstIndex(where: { $0.waiter === waiter }) else { return false }
    waiting.remove(at: index)
    return true
  }

  // MARK: connections

  enum Placed {
    /// The next caller gets it, after having waited since then.
    case serve(Waiter, since: MonotonicTime)
    case parked
    case close
  }

  /// A lent connection came back.
  mutating func release(_ connection: Connection, at now: MonotonicTime) -> Placed {
    place(connection, at: now, usedAt: now)
  }

  /// A connection that was only checked came back; for its idle time it counts as unused.
  mutating func checked(_ connection: Connection, unusedSince: MonotonicTime, at now: MonotonicTime)
    -> Placed
  {
    place(connection, at: now, usedAt: unusedSince)
  }

  mutating func opened(_ connection: Connection, at now: MonotonicTime) -> Placed {
    connecting -= 1
    guard phase != .closed else { return .close }
    open += 1
    backoff.succeeded()
    failure = OpenFailure()
    return place(connection, at: now, usedAt: now)
  }

  private mutating func place(
    _ connection: Connection,
    at now: MonotonicTime,
    usedAt: MonotonicTime
  ) -> Placed {
    guard phase != .closed, connection.expiresAt > now else { return .close }
    while let next = waiting.popFirst() {
      if !next.waiter.isFinished { return .serve(next.waiter, since: next.since) }
    }
    if phase == .draining { return .close }
    idle.append(Idle(connection: connection, unusedSince: usedAt, checkedAt: now))
    return .parked
  }

  /// A connection is gone, for whatever reason; returns how many to open in its place.
  mutating func ended(_ connection: Connection, at now: MonotonicTime) -> Int {
    if let index = idle.firstIndex(where: { $0.connection === connection }) {
      idle.remove(at: index)
    }
    open -= 1
    return toOpen(at: now)
  }

  /// An attempt failed; returns the callers to fail: all that wait, if waiting on is useless.
  mutating func openFailed(
    _ error: PostgresClientError,
    isPermanent: Bool,
    at now: MonotonicTime,
    random: Double
  ) -> [Waiter] {
    connecting -= 1
    backoff.failed(at: now, random: random)
    failure = OpenFailure(last: error, isPermanent: isPermanent)
    guard isPermanent else { return [] }
    defer { waiting.removeAll() }
    return waiting.map(\.waiter)
  }

  /// One for each caller that has none coming, within the size; after a failure only one, which
  /// shows whether the server is back.
  private mutating func toOpen(at now: MonotonicTime) -> Int {
    guard phase != .closed, backoff.allows(at: now) else { return 0 }
    let room = limits.size - open - connecting
    let wanted = waiting.count - connecting
    let count = max(0, min(room, wanted, backoff.failures > 0 ? 1 - connecting : .max))
    connecting += count
    return count
  }

  // MARK: time

  struct Due {
    /// Callers to fail, and with what.
    var overdue: [(waiter: Waiter, error: PostgresClientError)] = []
    var close: [Connection] = []
    var check: [(connection: Connection, unusedSince: MonotonicTime)] = []
    var open = 0
    var next = MonotonicTime.distantFuture
  }

  /// What is to be done at this time, and when the next time is.
  mutating func due(at now: MonotonicTime) -> Due {
    var due = Due()
    waiting.removeAll { entry in
      if entry.waiter.isFinished { return true }
      let late = entry.waiter.deadline <= now
      if late || entry.until <= now {
        due.overdue.append(
          (entry.waiter, late ? .deadlineExceeded : failure.last ?? .poolExhausted)
        )
        return true
      }
      due.next = min(due.next, entry.until, entry.waiter.deadline)
      return false
    }
    idle.removeAll { entry in
      let end = min(entry.connection.expiresAt, entry.unusedSince.advanced(by: limits.idleTimeout))
      let check = entry.checkedAt.advanced(by: limits.idleCheck)
      guard end <= now || check <= now else {
        due.next = min(due.next, end, check)
        return false
      }
      if end <= now {
        due.close.append(entry.connection)
      } else {
        due.check.append((entry.connection, entry.unusedSince))
      }
      return true
    }
    due.open = toOpen(at: now)
    if let retryAt = backoff.retryAt, !waiting.isEmpty, retryAt > now {
      due.next = min(due.next, retryAt)
    }
    return due
  }

  // MARK: the end

  /// Takes no new callers; those that wait are still served. Returns the unused connections, to be
  /// closed.
  mutating func drain() -> [Connection] {
    guard phase == .open else { return [] }
    phase = .draining
    defer { idle.removeAll() }
    return idle.map(\.connection)
  }

  /// Returns the callers to fail. All connections are to be closed.
  mutating func close() -> [Waiter] {
    phase = .closed
    idle.removeAll()
    defer { waiting.removeAll() }
    return waiting.map(\.waiter)
  }
}
