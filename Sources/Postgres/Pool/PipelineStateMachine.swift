import DequeModule

/// The logic of the connections that pipelined statements share: which one a statement goes to, and
/// when to open another.
struct PipelineStateMachine<Connection: PooledConnection, Waiter: PoolWaiter> {
  struct Limits {
    var connections: Int
    /// Statements that one connection may hold, sent or not.
    var maxLoad: Int
    var maxWaiters: Int
    var acquireTimeout: Duration
  }

  /// Another connection is opened when the least busy one has this many statements: below that, one
  /// round trip carries them all.
  static var busy: Int { 4 }

  private struct Waiting {
    let waiter: Waiter
    let until: MonotonicTime
  }

  let limits: Limits
  private(set) var isOpen = true
  private(set) var connections: [Connection] = []
  private(set) var connecting = false
  private var backoff: Backoff
  private var waiting: Deque<Waiting> = []
  private var failure = OpenFailure()

  init(limits: Limits, backoff: Backoff) {
    self.limits = limits
    self.backoff = backoff
  }

  var waitingCount: Int { waiting.count }

  enum Chosen {
    /// `alone`: no other statement is under way.
    case connection(Connection, open: Bool, alone: Bool)
    case wait(open: Bool, until: MonotonicTime)
    case refused(PostgresClientError)
  }

  mutating func choose(
    _ waiter: Waiter,
    at now: @autoclosure () -> MonotonicTime,
    load: (Connection) -> Int
  ) -> Chosen {
    guard isOpen else { return .refused(.closed) }
    var best: Connection?
    var least = Int.max
    var total = 0
    for connection in connections {
      let load = load(connection)
      total += load
      if load < least { (best, least) = (connection, load) }
    }
    if let best {
      guard least < limits.maxLoad else { return .refused(.poolExhausted) }
      return .connection(
        best,
        open: least >= Self.busy && startsOpening(at: now()),
        alone: total == 0
      )
    }
    let now = now()
    if let standing = failure.standing, !backoff.allows(at: now) { return .refused(standing) }
    guard waiting.count < limits.maxWaiters else { return .refused(.poolExhausted) }
    let until = now.advanced(by: limits.acquireTimeout)
    waiting.append(Waiting(waiter: waiter, until: until))
    return .wait(open: startsOpening(at: now), until: min(until, waiter.deadline))
  }

  private mutating func startsOpening(at now: MonotonicTime) -> Bool {
    guard !connecting, isOpen, connections.count < limits.connections, backoff.allows(at: now)
    else { return false }
    connecting = true
    return true
  }

  mutating func remove(_ waiter: Waiter) -> Bool {
    guard let index = waiting.firstIndex(where: { $0.waiter === waiter }) else { return false }
    waiting.remove(at: index)
    return true
  }

  /// Returns the callers that the connection is for; nil if it is to be closed.
  mutating func opened(_ connection: Connection) -> [Waiter]? {
    connecting = false
    backoff.succeeded()
    failure = OpenFailure()
    guard isOpen else { return nil }
    connections.append(connection)
    defer { waiting.removeAll() }
    return waiting.map(\.waiter)
  }

  mutating func openFailed(
    _ error: PostgresClientError,
    isPermanent: Bool,
    at now: MonotonicTime,
    random: Double
  ) -> [Waiter] {
    connecting = false
    backoff.failed(at: now, random: random)
    failure = OpenFailure(last: error, isPermanent: isPermanent)
    guard isPermanent else { return [] }
    defer { waiting.removeAll() }
    return waiting.map(\.waiter)
  }

  mutating func ended(_ connection: Connection) { connections.removeAll { $0 === connection } }

  struct Due {
    /// Callers to fail, and with what.
    var overdue: [(waiter: Waiter, error: PostgresClientError)] = []
    /// To be closed once their statements are answered.
    var retire: [Connection] = []
    var open = false
    var next = MonotonicTime.distantFuture
  }

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
    due.retire = connections.filter { $0.expiresAt <= now }
    connections.removeAll { $0.expiresAt <= now }
    for connection in connections { due.next = min(due.next, connection.expiresAt) }
    due.open = !waiting.isEmpty && connections.isEmpty && startsOpening(at: now)
    if let retryAt = backoff.retryAt, !waiting.isEmpty, retryAt > now {
      due.next = min(due.next, retryAt)
    }
    return due
  }

  /// Takes no new callers; returns those to fail, and the connections to be closed.
  mutating func close() -> (waiters: [Waiter], connections: [Connection]) {
    isOpen = false
    defer {
      waiting.removeAll()
      connections.removeAll()
    }
    return (waiting.map(\.waiter), connections)
  }
}
