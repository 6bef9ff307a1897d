import NIOCore

/// The life of one connection, over all its reconnections.
///
/// ```text
/// idle -> connecting -> ready
///  ^          |  ^         |
///  |          v  |         |
///  +------- waiting <------+      and from everywhere to closed
/// ```
struct LinkStateMachine {
  /// A connection that has lasted this long was a success, and the next failure starts the back-off
  /// anew.
  static let stableAfter = TimeAmount.seconds(1)

  private(set) var state = State.idle
  private let backoff: Backoff
  /// The attempts that failed since the last success.
  private(set) var failures = 0

  init(backoff: Backoff = Backoff()) {
    self.backoff = backoff
  }

  enum State: Equatable {
    case idle
    case connecting
    case ready(since: NIODeadline)
    case waiting
    case closed
  }

  /// What is to be done after a change.
  enum Action: Equatable {
    case none
    case connect
    /// Call ``backoffElapsed()`` after this time.
    case wait(TimeAmount)
    /// The channel is of no use any more.
    case close
  }

  /// Someone needs the connection.
  mutating func demand() -> Action {
    guard state == .idle else { return .none }
    state = .connecting
    return .connect
  }

  /// The handshakes are done.
  mutating func established(at now: NIODeadline) -> Action {
    guard state == .connecting else { return .close }
    state = .ready(since: now)
    return .none
  }

  /// An attempt failed or the connection broke. `random` is in 0..<1.
  mutating func lost(at now: NIODeadline, random: Double) -> Action {
    switch state {
    case .ready(let since) where since + Self.stableAfter <= now: failures = 0
    case .ready, .connecting: break
    case .idle, .waiting, .closed: return .none
    }
    // The wait comes even when nobody needs the connection: the next demand must not turn into a
    // storm of attempts.
    state = .waiting
    defer { failures += 1 }
    return .wait(backoff.delay(afterFailures: failures, random: random))
  }

  /// The wait is over.
  mutating func backoffElapsed(isNeeded: Bool) -> Action {
    guard state == .waiting else { return .none }
    state = isNeeded ? .connecting : .idle
    return isNeeded ? .connect : .none
  }

  /// Ends it for good. False: it had ended before.
  mutating func close() -> Bool {
    defer { state = .closed }
    return state != .closed
  }
}

/// How long to wait before the next attempt: twice as long after each failure, less a random part,
/// so that many clients of a server that comes back don't all come at once.
struct Backoff: Hashable {
  /// The longest wait before a first retry: a server that restarts is back soon.
  var first = TimeAmount.milliseconds(100)
  /// The longest wait ever: how late a client may notice that the server is back.
  var longest = TimeAmount.seconds(5)

  /// A time between half of the wait and all of it. `random` is in 0..<1.
  func delay(afterFailures failures: Int, random: Double) -> TimeAmount {
    let doubled = first.nanoseconds << Int64(min(failures, 20))
    let whole = Double(min(doubled, longest.nanoseconds))
    return .nanoseconds(Int64(whole * (0.5 + 0.5 * random)))
  }
}
