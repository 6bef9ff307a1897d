import DequeModule
import NIOCore

/// The commands of one connection, in the order in which they were given: first those that were
/// sent and wait for their reply, then those that wait to be sent. `Waiter` is whoever wants the
/// result; each is handed back exactly once.
///
/// A cancelled or expired command that was sent stays where it is without its waiter, so that the
/// replies after it still find theirs.
struct CommandQueue<Waiter: Sendable> {
  /// The most commands that are sent and unanswered.
  let maxInFlight: Int
  /// The most commands held, sent or not.
  let maxPending: Int
  /// The most bytes held of commands that are not sent.
  let maxPendingBytes: Int
  /// How long after its deadline the oldest command may stay unanswered before the connection
  /// counts as dead.
  let grace: TimeAmount

  private var entries: Deque<Entry> = []
  /// How many of the entries, from the first, were sent.
  private var sentEntries = 0
  /// How many commands were sent and are unanswered.
  private(set) var inFlight = 0
  /// How many commands are held.
  private(set) var pending = 0
  private var pendingBytes = 0
  /// How many waiters are to be handed back.
  private(set) var waiters = 0
  /// Whether new commands are refused, because the connection is to be closed when it is empty.
  private(set) var isClosing = false

  init(maxInFlight: Int, maxPending: Int, maxPendingBytes: Int, grace: TimeAmount) {
    self.maxInFlight = maxInFlight
    self.maxPending = maxPending
    self.maxPendingBytes = maxPendingBytes
    self.grace = grace
  }

  /// Whether no command is held.
  var isEmpty: Bool { entries.isEmpty }

  /// A command, or several that belong together and are sent and answered as one.
  private struct Entry {
    let ticket: UInt64
    var waiter: Waiter?
    /// Encoded; empty once sent or given up.
    var bytes: [UInt8]
    let submitted: NIODeadline
    let deadline: NIODeadline
    let count: Int
    /// The replies that have not come.
    var remaining: Int
    var replies: [RESPValue]
  }

  /// A command whose replies are complete.
  struct Completion {
    /// Nil when it was cancelled or has expired.
    let waiter: Waiter?
    let reply: CommandReply
    let submitted: NIODeadline
  }

  /// A command that gets no reply.
  struct Failure {
    let waiter: Waiter
    /// Whether the server may have seen it.
    let wasSent: Bool
  }

  /// The server sent a reply to nothing.
  struct UnexpectedReply: Error {}

  /// Takes a command (`count` of them in `bytes`), or says why not.
  mutating func submit(
    _ waiter: Waiter,
    ticket: UInt64,
    bytes: [UInt8],
    count: Int,
    at now: NIODeadline,
    deadline: NIODeadline
  ) throws(RedisError) {
    guard !isClosing else { throw .closed }
    guard pending + count <= maxPending,
      pendingBytes == 0 || pendingBytes + bytes.count <= maxPendingBytes
    else { throw .overloaded }
    pending += count
    pendingBytes += bytes.count
    waiters += 1
    entries.append(
      Entry(
        ticket: ticket,
        waiter: waiter,
        bytes: bytes,
        submitted: now,
        deadline: deadline,
        count: count,
        remaining: count,
        replies: []
      )
    )
  }

  /// Appends what can be sent now to the output, which must then be sent. False: nothing.
  mutating func takeUnsent(into output: inout ByteBuffer) -> Bool {
    var tookSome = false
    while sentEntries < entries.count {
      let count = entries[sentEntries].remaining
      // More than fits at once goes alone.
      guard inFlight == 0 || inFlight + count <= maxInFlight else { break }
      if count > 0 {
        output.writeBytes(entries[sentEntries].bytes)
        pendingBytes -= entries[sentEntries].bytes.count
        entries[sentEntries].bytes = []
        inFlight += count
        tookSome = true
      }
      sentEntries += 1
    }
    removeGivenUp()
    return tookSome
  }

  /// Matches a reply to the oldest command. Nil: it has more replies to come.
  mutating func receive(_ reply: RESPValue) throws(UnexpectedReply) -> Completion? {
    removeGivenUp()
    guard sentEntries > 0 else { throw UnexpectedReply() }
    inFlight -= 1
    if entries[0].count > 1 {
      entries[0].remaining -= 1
      if entries[0].waiter != nil { entries[0].replies.append(reply) }
      if entries[0].remaining > 0 { return nil }
    }
    let entry = removeFirst()
    return Completion(
      waiter: entry.waiter,
      reply: entry.count > 1 ? .several(entry.replies) : .one(reply),
      submitted: entry.submitted
    )
  }

  /// Gives a command up. Nil: it is not held (any more).
  mutating func cancel(_ ticket: UInt64) -> Waiter? {
    guard let index = entries.lastIndex(where: { $0.ticket == ticket }) else { return nil }
    return giveUp(index)
  }

  /// Gives up the commands whose time has come.
  mutating func expire(at now: NIODeadline) -> [Failure] {
    var failures: [Failure] = []
    for index in entries.indices where entries[index].deadline <= now {
      if let waiter = giveUp(index) {
        failures.append(Failure(waiter: waiter, wasSent: index < sentEntries))
      }
    }
    removeGivenUp()
    return failures
  }

  /// Whether the oldest command sent has been without a reply for so long that the connection must
  /// be dead.
  func isStalled(at now: NIODeadline) -> Bool {
    guard let first = entries.first, sentEntries > 0, first.remaining > 0 else { return false }
    return first.deadline + grace <= now
  }

  /// When to look at the deadlines next.
  var nextDeadline: NIODeadline? {
    var earliest = entries.lazy.filter { $0.waiter != nil }.map(\.deadline).min()
    if let first = entries.first, sentEntries > 0, first.remaining > 0 {
      earliest = min(earliest ?? .distantFuture, first.deadline + grace)
    }
    return earliest
  }

  /// The connection is gone: gives up the commands that were sent, and keeps the others for the
  /// next one.
  mutating func loseConnection() -> [Failure] {
    var failures: [Failure] = []
    for _ in 0..<sentEntries {
      let entry = removeFirst()
      if let waiter = entry.waiter { failures.append(Failure(waiter: waiter, wasSent: true)) }
    }
    inFlight = 0
    return failures
  }

  /// Gives up everything.
  mutating func failAll() -> [Failure] {
    var failures = loseConnection()
    while !entries.isEmpty {
      let entry = removeFirst()
      if let waiter = entry.waiter { failures.append(Failure(waiter: waiter, wasSent: false)) }
    }
    return failures
  }

  /// Refuses new commands from now on.
  mutating func close() { isClosing = true }

  private mutating func giveUp(_ index: Int) -> Waiter? {
    guard let waiter = entries[index].waiter else { return nil }
    waiters -= 1
    entries[index].waiter = nil
    entries[index].replies = []
    if index >= sentEntries {
      pendingBytes -= entries[index].bytes.count
      entries[index].bytes = []
      entries[index].remaining = 0
    }
    return waiter
  }

  /// Drops commands at the front that were given up before they were sent.
  private mutating func removeGivenUp() {
    while let first = entries.first, first.remaining == 0 { _ = removeFirst() }
  }

  private mutating func removeFirst() -> Entry {
    let entry = entries.removeFirst()
    pending -= entry.count
    pendingBytes -= entry.bytes.count
    if entry.waiter != nil { waiters -= 1 }
    if sentEntries > 0 { sentEntries -= 1 }
    return entry
  }
}
