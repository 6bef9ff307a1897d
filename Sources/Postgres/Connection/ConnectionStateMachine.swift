import DequeModule

/// The logic of one connection: which call is sent when, what an answer means, and when the
/// connection is free again.
///
/// It knows no socket. `ServerConnection` performs what it returns and tells it what the server
/// answered.
struct ConnectionStateMachine {
  /// What the connection serves.
  enum Role: Equatable, Sendable {
    /// One caller at a time: one call in flight, and a call that is given up is cancelled on the
    /// server.
    case exclusive
    /// Many callers' autocommit statements, up to `depth` in flight; a call that is given up only
    /// drops its result.
    case shared(depth: Int)
  }

  enum Mode: Equatable {
    case pipeline
    /// The simple protocol, for scripts and for the start and end of a COPY.
    case simple
    case copyIn
    case copyOut
    case closed
  }

  /// The commands of one pipelined call, in the order in which they are sent. One Sync follows
  /// them.
  struct Commands: OptionSet {
    let rawValue: UInt8
    static let begin = Commands(rawValue: 1)
    static let deallocate = Commands(rawValue: 2)
    static let prepare = Commands(rawValue: 4)
    static let execute = Commands(rawValue: 8)

    var first: Commands { Commands(rawValue: rawValue & (~rawValue &+ 1)) }
  }

  struct InFlight {
    let call: Call
    var commands: Commands
    let key: StatementCache.Key?
    /// Nothing can be trusted if this one fails.
    var critical = false
    var rows: PostgresRows?
    var error: PostgresError?
    /// Statements of a script that are done.
    var statements = 0
    /// Ends of results that no command of the call explains.
    var surplus = 0
  }

  enum Cancellation: Equatable {
    case none
    /// A cancel request is under way. Nothing is sent until it has been delivered, as it could hit
    /// the next statement.
    case delivering
    /// It was delivered and the server's answer to the statement is awaited.
    case answering
  }

  let role: Role
  var mode = Mode.pipeline
  var queue: Deque<Call> = []
  var inFlight: Deque<InFlight> = []
  var cache: StatementCache
  var cancellation = Cancellation.none
  /// When the connection is closed if the cancelled statement has not ended.
  var cancelDeadline = MonotonicTime.distantFuture
  /// When to ask once more: a request that comes before the server has begun the statement is
  /// without effect.
  var cancelAgainAt = MonotonicTime.distantFuture
  var pendingBegin: PostgresIsolation?
  var lease: UInt64 = 0
  /// The lending has ended, and the connection goes back as soon as nothing is left to clean.
  var returning = false
  var retiring = false
  private var rolledBack = false

  init(role: Role, preparedStatements: Int) {
    self.role = role
    cache = StatementCache(capacity: preparedStatements)
  }

  var window: Int {
    switch role {
    case .exclusive: 1
    case .shared(let depth): depth
    }
  }

  /// Whether the server owes an answer that has to be read now.
  var awaitsAnswer: Bool { !inFlight.isEmpty && mode != .copyIn && mode != .closed }

  // MARK: lending

  /// Starts a lending. One that is made for a single statement goes back by itself.
  mutating func beginLease(singleStatement: Bool) -> UInt64 {
    lease += 1
    returning = singleStatement
    rolledBack = false
    return lease
  }

  /// Ends a lending; returns the calls that nobody may wait for any longer.
  mutating func endLease(_ ended: UInt64) -> [Call] {
    guard ended == lease, !returning else { return [] }
    returning = true
    pendingBegin = nil
    let left = Array(queue)
    queue.removeAll()
    return left
  }

  enum Settled: Equatable {
    /// Something is left to wait for, or nobody waits.
    case no
    /// A rollback was queued.
    case rollingBack
    case giveBack
    case close
  }

  /// Decides, after each change, whether the connection is free.
  mutating func settle(transactionIdle: Bool, rollback: () -> Call) -> Settled {
    guard mode != .closed, inFlight.isEmpty, queue.isEmpty else { return .no }
    if case .shared = role {
      // A statement changed the session's transaction state: what follows on this connection would
      // run inside.
      return retiring || !transactionIdle ? .close : .no
    }
    guard returning, cancellation == .none else { return .no }
    guard mode == .pipeline else { return .close }
    if !transactionIdle {
      if rolledBack { return .close }
      rolledBack = true
      queue.append(rollback())
      return .rollingBack
    }
    returning = false
    // Calls of a lending that has ended carry its number and are refused.
    lease += 1
    return .giveBack
  }

  // MARK: calls

  enum Accepted: Equatable { case yes, refused(PostgresClientError) }

  mutating func enqueue(_ call: Call, lease: UInt64?) -> Accepted {
    if mode == .closed { return .refused(.connectionLost("the connection is closed")) }
    if let lease, lease != self.lease || returning { return .refused(.connectionReturned) }
    queue.append(call)
    return .yes
  }

  enum Abandoned: Equatable {
    case nothing
    /// Ask the server to stop the statement.
    case sendCancel
  }

  /// A caller stopped waiting. Its call has been claimed.
  mutating func abandon(_ call: Call, now: MonotonicTime, grace: Duration) -> Abandoned {
    if let index = queue.firstIndex(where: { $0 === call }) {
      queue.remove(at: index)
      return .nothing
    }
    guard role == .exclusive, cancellation == .none, inFlight.first?.call === call else {
      return .nothing
    }
    cancellation = .delivering
    cancelDeadline = now.advanced(by: grace)
    return .sendCancel
  }

  mutating func cancelDelivered(at now: MonotonicTime) {
    guard cancellation == .delivering else { return }
    cancellation = inFlight.isEmpty ? .none : .answering
    if inFlight.isEmpty {
      cancelDeadline = .distantFuture
    } else {
      cancelAgainAt = now.advanced(by: Self.cancelPause)
    }
  }

  /// A server that works answers a cancel request within milliseconds.
  static let cancelPause = Duration.milliseconds(200)

  /// The request is sent once more.
  mutating func cancelAgain() {
    cancellation = .delivering
    cancelAgainAt = .distantFuture
  }

  /// Ends everything; returns the calls that are unanswered, those in flight first, with the
  /// server's error where it sent one.
  mutating func close() -> [(call: Call, error: PostgresError?)] {
    let calls = inFlight.map { ($0.call, $0.error) } + queue.map { ($0, nil) }
    mode = .closed
    inFlight.removeAll()
    queue.removeAll()
    return calls
  }

  // MARK: time

  struct Expired {
    var calls: [Call] = []
    /// The server does not answer: close the connection.
    var unresponsive = false
    /// The statement runs on, so the cancel request is due again.
    var cancelAgain = false
    var next = MonotonicTime.distantFuture
  }

  /// Finds the calls whose deadline has passed. The caller claims and abandons them.
  func expired(at now: MonotonicTime, patience: Duration) -> Expired {
    var expired = Expired()
    func look(at call: Call) {
      if call.isFinished { return }
      if call.deadline <= now {
        expired.calls.append(call)
      } else {
        expired.next = min(expired.next, call.deadline)
      }
    }
    for flight in inFlight { look(at: flight.call) }
    for call in queue { look(at: call) }
    if cancelDeadline <= now {
      expired.unresponsive = true
    } else {
      expired.next = min(expired.next, cancelDeadline)
    }
    if cancelAgainAt <= now {
      expired.cancelAgain = true
    } else {
      expired.next = min(expired.next, cancelAgainAt)
    }
    if case .shared = role, let head = inFlight.first?.call, head.isFinished {
      // Nobody waits for the statement in front, but those behind it do.
      let limit = head.deadline.advanced(by: patience)
      if limit <= now {
        expired.unresponsive = true
      } else {
        expired.next = min(expired.next, limit)
      }
    }
    return expired
  }
}
