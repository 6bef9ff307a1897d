import CEpoll
import Glibc
import Synchronization

/// Threads of the driver's own.
enum Thread {
  /// Starts a thread that takes no signals: those belong to the application's threads.
  static func start(name: String, _ body: @escaping @Sendable () -> Void) {
    final class Start: Sendable {
      let name: String
      let body: @Sendable () -> Void
      init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
      }
    }
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    // A crash belongs to the thread that causes it.
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&all, fault) }
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread,
      &attributes,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        CEpoll_name_thread(start.name)
        start.body()
        return nil
      },
      start.toOpaque()
    )
    precondition(status == 0, "the process can't start another thread")
  }
}

/// Runs what blocks (name resolution, handshakes, cancel requests) on a few threads that exist only
/// while there is work.
final class HelperThreads: Sendable {
  /// Handshakes at once: SCRAM costs milliseconds of CPU, and a server that was restarted should
  /// not meet them all together.
  static let connecting = HelperThreads(limit: 4)
  /// Cancel requests at once. They have threads of their own, as they matter most when connecting
  /// hangs.
  static let cancelling = HelperThreads(limit: 4)

  private struct State {
    var running = 0
    var jobs: [@Sendable () -> Void] = []
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  func run(_ job: @escaping @Sendable () -> Void) {
    let start = state.withLock { state in
      state.jobs.append(job)
      guard state.running < limit else { return false }
      state.running += 1
      return true
    }
    if start { Thread.start(name: "postgres-helper") { self.work() } }
  }

  private func work() {
    while true {
      let job: (@Sendable () -> Void)? = state.withLock { state in
        if state.jobs.isEmpty {
          state.running -= 1
          return nil
        }
        return state.jobs.removeFirst()
      }
      guard let job else { return }
      job()
    }
  }
}
