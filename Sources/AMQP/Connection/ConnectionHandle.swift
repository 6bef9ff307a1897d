import CEpoll
import Glibc
import Logging
import Synchronization

/// The way to a connection's thread: a queue of commands, and an eventfd that wakes the thread when
/// it sleeps.
///
/// The thread starts with the first command and ends after ``Command/close``.
final class ConnectionHandle: Sendable {
  let role: ConnectionRole
  let configuration: AMQPConfiguration
  let topology: RememberedTopology
  let metrics: AMQPMetrics
  let logger: Logger
  /// Readable when the thread has been woken.
  let eventDescriptor: Int32

  private let state = Mutex(State())
  private let lastID = Atomic<UInt64>(0)

  private struct State {
    var commands: [Command] = []
    var phase = Phase.idle
    var isAsleep = false
    var closeWaiters: [CheckedContinuation<Void, Never>] = []

    enum Phase {
      case idle, running, closed
    }
  }

  init(
    role: ConnectionRole,
    configuration: AMQPConfiguration,
    topology: RememberedTopology,
    metrics: AMQPMetrics,
    logger: Logger
  ) {
    self.role = role
    self.configuration = configuration
    self.topology = topology
    self.metrics = metrics
    var logger = logger
    logger[metadataKey: "amqp.connection"] = "\(role.rawValue)"
    self.logger = logger
    eventDescriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    precondition(eventDescriptor >= 0, "eventfd: errno \(errno)")
  }

  // The thread holds the handle, so nobody polls the descriptor any more.
  deinit { Glibc.close(eventDescriptor) }

  /// A number not used before.
  func nextID() -> UInt64 { lastID.wrappingAdd(1, ordering: .relaxed).newValue }

  func send(_ command: Command) {
    enum Next {
      case nothing, refuse, wake, start
    }
    let next = state.withLock { state -> Next in
      switch state.phase {
      case .closed: return .refuse
      case .idle:
        if case .close = command {
          state.phase = .closed
          return .nothing
        }
        state.phase = .running
        state.commands.append(command)
        return .start
      case .running:
        state.commands.append(command)
        defer { state.isAsleep = false }
        return state.isAsleep ? .wake : .nothing
      }
    }
    switch next {
    case .nothing: break
    case .refuse: command.refuse()
    case .wake: eventfd_write(eventDescriptor, 1)
    case .start: startThread { ConnectionLoop(handle: self).run() }
    }
  }

  /// Returns once the connection is closed; the close itself is a command.
  func closed() async {
    await withCheckedContinuation { waiter in
      let isClosed = state.withLock { state in
        if state.phase != .closed { state.closeWaiters.append(waiter) }
        return state.phase == .closed
      }
      if isClosed { waiter.resume() }
    }
  }
}

// Called by the connection's thread.
extension ConnectionHandle {
  /// All commands since the last time.
  func takeCommands() -> [Command] {
    state.withLock { state in
      defer { state.commands.removeAll() }
      return state.commands
    }
  }

  /// Announces that the thread will sleep, so that the next command wakes it. False: commands are
  /// here already.
  func fallAsleep() -> Bool {
    state.withLock { state in
      state.isAsleep = state.commands.isEmpty
      return state.isAsleep
    }
  }

  /// The thread is awake again.
  /// - Parameter drain: whether the eventfd was readable.
  func wakeUp(drain: Bool) {
    state.withLock { $0.isAsleep = false }
    guard drain else { return }
    var count: eventfd_t = 0
    eventfd_read(eventDescriptor, &count)
  }

  /// The thread ends: refuses what has come meanwhile and what will come.
  func finish() {
    let (commands, waiters) = state.withLock { state in
      state.phase = .closed
      defer { (state.commands, state.closeWaiters) = ([], []) }
      return (state.commands, state.closeWaiters)
    }
    for command in commands { command.refuse() }
    for waiter in waiters { waiter.resume() }
  }
}

/// Starts a detached thread.
func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let start = Unmanaged.passRetained(Start(body))
  var thread = pthread_t()
  let status = pthread_create(
    &thread,
    nil,
    { argument in
      if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    },
    start.toOpaque()
  )
  precondition(status == 0, "pthread_create: errno \(status)")
  pthread_detach(thread)
}
