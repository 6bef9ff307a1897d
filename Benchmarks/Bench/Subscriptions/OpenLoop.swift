import Glibc
import Synchronization

/// Requests at fixed moments, whatever becomes of those before: as many clients do who know nothing
/// of each other.
///
/// Each has a connection of its own. A request that could not be sent in time is as late as it was
/// due.
final class OpenLoop: Sendable {
  struct Sample: Sendable {
    /// When it was due, and how long after that its answer was whole; from the start of the run.
    let due: Duration
    let latency: Duration
    /// Nil: there was no whole answer.
    let status: Int?

    var end: Duration { due + latency }
  }

  private struct State {
    var samples: [Sample] = []
    var running: Int
    var waiter: CheckedContinuation<[Sample], Never>?
  }

  private let port: Int
  private let interval: Duration
  private let paths: [String]
  private let next = Atomic<Int>(0)
  private let count: Int
  private let start = ContinuousClock.now
  private let isStopped = Atomic(false)
  private let state: Mutex<State>

  /// Requests that may be under way at once: more than a second's, for a second without an answer.
  private static let maxThreads = 1_200
  /// A thread sends and waits.
  private static let stackSize = 256 << 10

  /// - Parameter count: requests after which it ends by itself.
  init(port: Int, perSecond: Int, count: Int, paths: [String]) {
    self.port = port
    self.count = count
    self.paths = paths
    interval = .seconds(1) / perSecond
    state = Mutex(State(running: min(Self.maxThreads, count)))
  }

  /// No request is sent any more.
  func stop() { isStopped.store(true, ordering: .relaxed) }

  /// Sends the requests once; what became of them, in no order.
  func run() async throws -> [Sample] {
    for _ in 0..<min(Self.maxThreads, count) { try startThread() }
    return await withCheckedContinuation { continuation in
      let samples = state.withLock { state in
        if state.running > 0 { state.waiter = continuation }
        return state.running > 0 ? nil : state.samples
      }
      if let samples { continuation.resume(returning: samples) }
    }
  }

  private func startThread() throws {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, Self.stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let status = pthread_create(
      &thread,
      &attributes,
      { loop in
        if let loop { Unmanaged<OpenLoop>.fromOpaque(loop).takeRetainedValue().send() }
        return nil
      },
      Unmanaged.passRetained(self).toOpaque()
    )
    guard status == 0 else {
      throw Program.Failure(description: "no thread could be started: \(status)")
    }
  }

  private func send() {
    var samples: [Sample] = []
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { break }
      let due = interval * index
      let wait = due - start.duration(to: .now)
      if wait > .zero { usleep(UInt32(wait / .microseconds(1))) }
      if isStopped.load(ordering: .relaxed) { break }
      let status = LoopbackHTTP("GET", paths[index % paths.count], port: port)?.status
      samples.append(Sample(due: due, latency: start.duration(to: .now) - due, status: status))
    }
    let (waiter, all) = state.withLock { state in
      state.samples += samples
      state.running -= 1
      return (state.running == 0 ? state.waiter : nil, state.samples)
    }
    waiter?.resume(returning: all)
  }
}
