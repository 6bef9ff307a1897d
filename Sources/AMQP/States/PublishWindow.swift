import DequeModule

/// Publisher confirms with a bounded window: which messages wait, which are in flight, and who
/// learns what.
///
/// Waiting requests go out in the order they came. A request whose caller gave up in flight keeps
/// its place, because the broker's sequence numbers count it.
struct PublishWindow<Waiter: Sendable> {
  typealias Request = PublishRequest<Waiter>
  /// Who gets which result.
  typealias Completion = (waiter: Waiter, result: Result<Void, any Error>)

  private let capacity: Int
  private let maxPending: Int
  private var waiting: Deque<Request> = []
  private var inFlight: Deque<Slot> = []
  /// The broker's sequence number of the first slot: it counts publishes per channel, from 1.
  private var firstSequence: UInt64 = 1
  /// Slots without a confirm, and those among them whose caller no longer waits.
  private var unconfirmed = 0
  private var abandoned = 0
  /// Never later than the earliest deadline of all requests.
  private var earliestDeadline: ContinuousClock.Instant?
  /// Whether the broker has told us to stop (connection.blocked).
  var isBlocked = false

  /// What is remembered of a message in flight; not its body.
  private struct Slot {
    let id: UInt64
    let messageID: String?
    let exchange: String
    let routingKey: String
    let mandatory: Bool
    let deadline: ContinuousClock.Instant
    /// Nil once the caller has its result.
    var waiter: Waiter?
    var returned: AMQPError?
    var isConfirmed = false
  }

  init(capacity: Int, maxPending: Int) {
    self.capacity = capacity
    self.maxPending = maxPending
  }

  /// How many windows may lie between the oldest message without a confirm and the newest: one that
  /// is never confirmed must not hold up the rest, nor let the slots behind it pile up for ever.
  private static var maxSpan: Int { 64 }

  var count: Int { waiting.count + unconfirmed }
  var nextDeadline: ContinuousClock.Instant? { earliestDeadline }
  /// Whether nobody waits.
  var isEmpty: Bool { waiting.isEmpty && unconfirmed == abandoned }

  /// Whether so many confirms are overdue that nothing can be sent any more. Only a new channel
  /// helps: RabbitMQ owes confirms for ever when a queue has lost its process.
  var isStuck: Bool {
    guard unconfirmed > 0 else { return false }
    return abandoned >= capacity || (isAtFullSpan && inFlight.first?.waiter == nil)
  }

  private var isAtFullSpan: Bool { inFlight.count >= capacity * Self.maxSpan }

  /// Puts a request in line; or returns its refusal.
  mutating func submit(_ request: Request) -> Completion? {
    guard waiting.count < maxPending else {
      return (request.waiter, .failure(AMQPError.overloaded))
    }
    waiting.append(request)
    earliestDeadline = min(earliestDeadline ?? request.deadline, request.deadline)
    return nil
  }

  /// Whether ``next()`` would return a request.
  var canSend: Bool { !isBlocked && unconfirmed < capacity && !isAtFullSpan && !waiting.isEmpty }

  /// The next request to send, counted as in flight from here on; nil if none may be sent now.
  mutating func next() -> Request? {
    guard canSend, let request = waiting.popFirst() else { return nil }
    unconfirmed += 1
    inFlight.append(
      Slot(
        id: request.id,
        messageID: request.message.messageID,
        exchange: request.exchange,
        routingKey: request.routingKey,
        mandatory: request.mandatory,
        deadline: request.deadline,
        waiter: request.waiter
      )
    )
    return request
  }

  /// The broker confirms (basic.ack) or refuses (basic.nack) one message, or all up to it.
  mutating func confirm(sequence: UInt64, multiple: Bool, isAck: Bool) -> [Completion] {
    guard sequence >= firstSequence, sequence - firstSequence < UInt64(inFlight.count) else {
      return []
    }
    let last = Int(sequence - firstSequence)
    var completions: [Completion] = []
    for index in (multiple ? 0 : last)...last where !inFlight[index].isConfirmed {
      inFlight[index].isConfirmed = true
      unconfirmed -= 1
      guard let waiter = inFlight[index].waiter.take() else {
        abandoned -= 1
        continue
      }
      if let returned = inFlight[index].returned {
        completions.append((waiter, .failure(returned)))
      } else {
        completions.append((waiter, isAck ? .success(()) : .failure(AMQPError.rejected)))
      }
    }
    while let first = inFlight.first, first.isConfirmed {
      inFlight.removeFirst()
      firstSequence += 1
    }
    return completions
  }

  /// The broker returns a mandatory message that matched no queue; its confirm follows.
  ///
  /// basic.return carries no sequence number. Equal exchange, routing key and message id are routed
  /// alike, and returns keep the order of publishing, so the first such message that isn't returned
  /// yet is the one.
  mutating func markReturned(
    exchange: String,
    routingKey: String,
    messageID: String?,
    error: AMQPError
  ) {
    let index = inFlight.firstIndex {
      $0.mandatory && !$0.isConfirmed && $0.returned == nil && $0.messageID == messageID
        && $0.routingKey == routingKey
        && $0.exchange == exchange
    }
    if let index { inFlight[index].returned = error }
  }

  /// The caller no longer waits.
  mutating func cancel(_ id: UInt64) -> Completion? {
    if let index = waiting.firstIndex(where: { $0.id == id }) {
      return (waiting.remove(at: index).waiter, .failure(CancellationError()))
    }
    guard let index = inFlight.firstIndex(where: { $0.id == id }),
      let waiter = inFlight[index].waiter.take()
    else { return nil }
    abandoned += 1
    return (waiter, .failure(CancellationError()))
  }

  /// Requests whose deadline has passed. `failure` says why there is no connection, if there is
  /// none.
  mutating func expire(at now: ContinuousClock.Instant, failure: AMQPConnectionFailure?)
    -> [Completion]
  {
    guard let earliest = earliestDeadline, earliest <= now else { return [] }
    var completions: [Completion] = []
    var next: ContinuousClock.Instant?
    for index in inFlight.indices where inFlight[index].waiter != nil {
      let deadline = inFlight[index].deadline
      if deadline <= now, let waiter = inFlight[index].waiter.take() {
        abandoned += 1
        completions.append((waiter, .failure(AMQPError.deadlineExceeded)))
      } else {
        next = min(next ?? deadline, deadline)
      }
    }
    waiting.removeAll { request in
      if request.deadline <= now {
        completions.append((request.waiter, .failure(AMQPError.unavailable(failure))))
        return true
      }
      next = min(next ?? request.deadline, request.deadline)
      return false
    }
    earliestDeadline = next
    return completions
  }

  /// The channel is gone: the fate of what was in flight is unknown, what waits keeps waiting, and
  /// the next channel counts from 1.
  ///
  /// An exception of the channel is about one publish. Its text names the exchange ("no exchange
  /// 'x' in vhost '/'"): those who published there learn it.
  mutating func connectionLost(channelException: (code: UInt16, text: String)? = nil)
    -> [Completion]
  {
    defer {
      inFlight.removeAll()
      (unconfirmed, abandoned) = (0, 0)
      firstSequence = 1
      isBlocked = false
    }
    return inFlight.compactMap { slot in
      guard let waiter = slot.waiter else { return nil }
      if let (code, text) = channelException, text.contains("'\(slot.exchange)'") {
        return (waiter, .failure(AMQPError.channelClosed(code: code, text: text)))
      }
      return (waiter, .failure(AMQPError.connectionLost))
    }
  }

  /// Fails every request that hasn't been sent.
  mutating func failWaiting(_ error: AMQPError) -> [Completion] {
    defer { waiting.removeAll() }
    return waiting.map { ($0.waiter, .failure(error)) }
  }
}
