import CEpoll
import Glibc
import Synchronization

/// What the loop asks, from time to time, to end what is overdue.
protocol Sweepable: AnyObject, Sendable {
  /// Ends what is due and says when to come back at the latest.
  func sweep(at now: MonotonicTime) -> MonotonicTime
}

/// The thread on which all answers of all servers arrive: one epoll for every connection of the
/// process.
///
/// Deadlines cost a call nothing but a comparison: the loop keeps one time to wake at, which
/// callers only move when theirs is earlier, and finds out who is due by looking at all when it
/// comes.
final class EventLoop: Sendable {
  static let shared = EventLoop()

  /// Events taken from the kernel at once. More wait for the next turn.
  private static let batch = 128

  private struct State {
    var sweepables: [ObjectIdentifier: any Sweepable] = [:]
    /// Handlers that were removed and may still be named by events of the current batch.
    var removed: [Unmanaged<ServerConnection>] = []
  }

  /// A call for the loop's thread to send.
  struct Posted {
    let call: Call
    let lease: UInt64?
    let connection: ServerConnection
  }

  private struct Inbox {
    var posted: [Posted] = []
    var sleeping = false
  }

  private let epoll: Int32
  private let wakeup: Int32
  private let state = Mutex(State())
  private let inbox = Mutex(Inbox())
  // Signed: `min` of an unsigned atomic compares its bits as signed ones in Swift 6.3, and the far
  // future would be the smallest.
  private let nextWake = Atomic<Int64>(.max)

  private init() {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    precondition(
      epoll >= 0 && wakeup >= 0,
      "the process has no file descriptors left for an event loop"
    )
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: 0))
    epoll_ctl(epoll, EPOLL_CTL_ADD, wakeup, &event)
    Thread.start(name: "postgres") { self.run() }
  }

  // MARK: from any thread

  /// Watches a file descriptor. The handler is kept until `remove`.
  func add(_ descriptor: Int32, handler: ServerConnection) {
    var event = Self.event(handler, writable: false)
    _ = Unmanaged.passRetained(handler)
    epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
  }

  /// Chooses what to watch for.
  func update(_ descriptor: Int32, handler: ServerConnection, readable: Bool = true, writable: Bool)
  {
    var event = Self.event(handler, readable: readable, writable: writable)
    epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event)
  }

  /// Stops watching. It must come before the descriptor is closed: a closed one may be watched on,
  /// through a copy in a child process, and its number may be another file's.
  func remove(_ descriptor: Int32, handler: ServerConnection) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    state.withLock { $0.removed.append(Unmanaged.passUnretained(handler)) }
    signal()
  }

  func add(_ sweepable: any Sweepable) {
    state.withLock { $0.sweepables[ObjectIdentifier(sweepable)] = sweepable }
    wake(by: .now)
  }

  func remove(_ sweepable: any Sweepable) {
    state.withLock { $0.sweepables[ObjectIdentifier(sweepable)] = nil }
  }

  /// Makes sure that a sweep happens at `time` or before.
  @inline(__always)
  func wake(by time: MonotonicTime) {
    if time.signed < nextWake.load(ordering: .relaxed) { lower(to: time) }
  }

  private func lower(to time: MonotonicTime) {
    nextWake.min(time.signed, ordering: .sequentiallyConsistent)
    signal()
  }

  /// Gives the loop's thread a call to send; false if it sleeps, so that waking it would cost more
  /// than sending.
  func post(_ call: Posted) -> Bool {
    inbox.withLock { inbox in
      if inbox.sleeping { return false }
      inbox.posted.append(call)
      return true
    }
  }

  private func signal() {
    var one: UInt64 = 1
    _ = write(wakeup, &one, 8)
  }

  // MARK: on the loop's thread

  private static func event(_ handler: ServerConnection, readable: Bool = true, writable: Bool)
    -> epoll_event
  {
    let events = (readable ? EPOLLIN.rawValue : 0) | (writable ? EPOLLOUT.rawValue : 0)
    let pointer = Unmanaged.passUnretained(handler).toOpaque()
    return epoll_event(events: events, data: epoll_data_t(u64: UInt64(UInt(bitPattern: pointer))))
  }

  private func run() -> Never {
    var events = [epoll_event](repeating: epoll_event(), count: Self.batch)
    while true {
      let count = epoll_wait(epoll, &events, Int32(Self.batch), fallAsleep() ? timeout() : 0)
      inbox.withLock { $0.sleeping = false }
      for index in 0..<max(0, Int(count)) { dispatch(events[index]) }
      acceptPosted()
      let removed = state.withLock { state in
        defer { state.removed.removeAll() }
        return state.removed
      }
      for handler in removed { handler.release() }
      sweepIfDue()
    }
  }

  /// False if there are calls to send first.
  private func fallAsleep() -> Bool {
    inbox.withLock { inbox in
      inbox.sleeping = inbox.posted.isEmpty
      return inbox.sleeping
    }
  }

  private func acceptPosted() {
    let posted = inbox.withLock { inbox in
      defer { inbox.posted = [] }
      return inbox.posted
    }
    for call in posted { call.connection.accept(call.call, lease: call.lease) }
  }

  private func dispatch(_ event: epoll_event) {
    guard let pointer = UnsafeMutableRawPointer(bitPattern: UInt(event.data.u64)) else {
      var count: UInt64 = 0
      _ = read(wakeup, &count, 8)
      return
    }
    // An error or hang-up is found by reading.
    let readable = event.events & (EPOLLIN.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
    let writable = event.events & EPOLLOUT.rawValue != 0
    Unmanaged<ServerConnection>.fromOpaque(pointer).takeUnretainedValue().handle(
      readable: readable,
      writable: writable
    )
  }

  private func timeout() -> Int32 {
    let next = nextWake.load(ordering: .acquiring)
    guard next != .max else { return -1 }
    let now = MonotonicTime.now.signed
    guard next > now else { return 0 }
    return Int32(clamping: (next - now) / 1_000_000 + 1)
  }

  private func sweepIfDue() {
    let now = MonotonicTime.now
    guard nextWake.load(ordering: .acquiring) <= now.signed else { return }
    // Before looking: a caller that comes during the sweep sees the far future and moves it to its
    // own deadline.
    nextWake.store(.max, ordering: .sequentiallyConsistent)
    let sweepables = state.withLock { Array($0.sweepables.values) }
    for sweepable in sweepables { wake(by: sweepable.sweep(at: now)) }
  }
}
