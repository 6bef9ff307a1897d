import DequeModule

/// A request that waits for its turn or its reply.
struct PendingRequest<Waiter: Sendable>: Sendable {
  let id: UInt64
  let request: AMQPRequest
  let deadline: ContinuousClock.Instant
  let waiter: Waiter
}

/// The synchronous requests of one channel, one at a time, and the channel's reopening after an
/// exception.
struct RequestQueue<Waiter: Sendable> {
  typealias Pending = PendingRequest<Waiter>
  typealias Failure = (waiter: Waiter, error: any Error)

  private enum Channel {
    case absent, opening, open
  }

  private let maxPending: Int
  private var channel = Channel.absent
  private var waiting: Deque<Pending> = []
  private var current: Pending?
  /// Whether the caller of the current request has given up; its reply still comes.
  private var isAbandoned = false

  init(maxPending: Int) { self.maxPending = maxPending }

  var nextDeadline: ContinuousClock.Instant? {
    var next = isAbandoned ? nil : current?.deadline
    for pending in waiting { next = min(next ?? pending.deadline, pending.deadline) }
    return next
  }

  /// Puts a request in line; or returns its refusal.
  mutating func submit(_ pending: Pending) -> Failure? {
    guard waiting.count < maxPending else { return (pending.waiter, AMQPError.overloaded) }
    waiting.append(pending)
    return nil
  }

  /// The request to send now.
  mutating func next() -> AMQPRequest? {
    guard channel == .open, current == nil, let next = waiting.popFirst() else { return nil }
    current = next
    isAbandoned = false
    return next.request
  }

  /// The queue named by the current request, for a reply that doesn't name it.
  var currentQueue: String { current?.request.queue ?? "" }

  /// The reply to the current request is here; nil: nobody waits for it any more.
  mutating func replied() -> Waiter? {
    defer { current = nil }
    return isAbandoned ? nil : current?.waiter
  }

  /// The connection is up and the channel open.
  mutating func connected() { channel = .open }

  /// The broker closed the channel over the current request. The channel is to be opened again.
  mutating func channelClosed(code: UInt16, text: String) -> Failure? {
    channel = .opening
    return replied().map { ($0, AMQPError.channelClosed(code: code, text: text)) }
  }

  mutating func channelOpened() { channel = .open }

  mutating func connectionLost() -> Failure? {
    channel = .absent
    return replied().map { ($0, AMQPError.connectionLost) }
  }

  mutating func cancel(_ id: UInt64) -> Failure? {
    if let index = waiting.firstIndex(where: { $0.id == id }) {
      return (waiting.remove(at: index).waiter, CancellationError())
    }
    guard let current, current.id == id, !isAbandoned else { return nil }
    isAbandoned = true
    return (current.waiter, CancellationError())
  }

  mutating func expire(at now: ContinuousClock.Instant, failure: AMQPConnectionFailure?)
    -> [Failure]
  {
    var failures: [Failure] = []
    if let current, !isAbandoned, current.deadline <= now {
      isAbandoned = true
      failures.append((current.waiter, AMQPError.deadlineExceeded))
    }
    waiting.removeAll { pending in
      guard pending.deadline <= now else { return false }
      failures.append((pending.waiter, AMQPError.unavailable(failure)))
      return true
    }
    return failures
  }

  /// Fails every request that hasn't been sent.
  mutating func failWaiting(_ error: AMQPError) -> [Failure] {
    defer { waiting.removeAll() }
    return waiting.map { ($0.waiter, error) }
  }
}
