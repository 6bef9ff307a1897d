package import Logging
import Synchronization

/// Sends mail through one server, over a few sessions that are kept open and used again.
///
/// Each session is a thread: libcurl waits for some answers of the server (the one after the
/// message, the one to QUIT) without returning, so that one thread for all of them would let a slow
/// server hold up every message.
package final class SMTPClient: Sendable {
  let configuration: SMTPConfiguration
  let logger: Logger
  private let metrics: SMTPMetrics
  private let state: Mutex<State>

  private struct State {
    var pool: SessionPool<SMTPJob>
    var sessions: [Int: SMTPSession] = [:]
    var closers: [CheckedContinuation<Void, Never>] = []
  }

  /// Makes a client. Nothing is connected before the first message.
  package init(configuration: SMTPConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
    metrics = SMTPMetrics()
    state = Mutex(
      State(
        pool: SessionPool(
          maximumSessions: configuration.maximumSessions,
          maximumWaiting: configuration.maximumWaiting
        )
      )
    )
  }

  /// Sends a message and returns the server's answer to it, which means that the server is now
  /// responsible for it.
  ///
  /// - Parameter deadline: how long it may take, the wait for a session included; by default the
  ///   configuration's `sendTimeout`. When it passes, or the caller is cancelled, the session is
  ///   closed, and the error tells whether the message may have been delivered.
  package func send(_ message: SMTPMessage, deadline: Duration? = nil) async throws(SMTPError)
    -> SMTPReply
  {
    try await run(.send(message), for: deadline ?? configuration.sendTimeout)
  }

  /// Connects and logs in, or asks an open session for a sign of life (NOOP), and returns the
  /// answer.
  package func verify(deadline: Duration? = nil) async throws(SMTPError) -> SMTPReply {
    try await run(.check, for: deadline ?? configuration.sendTimeout)
  }

  /// Refuses further messages, fails those that wait, lets those on their way finish, and ends
  /// every session.
  package func close() async {
    let (refused, sessions) = state.withLock { state in
      let (refused, wake) = state.pool.close()
      return (refused, wake.compactMap { state.sessions[$0] })
    }
    for job in refused { job.finish(.failure(.closed)) }
    for session in sessions { session.wake() }
    await withCheckedContinuation { continuation in
      let isEmpty = state.withLock { state in
        let isEmpty = state.pool.sessionCount == 0
        if !isEmpty { state.closers.append(continuation) }
        return isEmpty
      }
      if isEmpty { continuation.resume() }
    }
  }

  /// How many sends wait for a session.
  var waitingCount: Int { state.withLock { $0.pool.waitingCount } }

  private func run(_ task: SMTPJob.Task, for timeout: Duration) async throws(SMTPError) -> SMTPReply
  {
    let start = ContinuousClock.now
    let job = SMTPJob(task, deadline: start + timeout)
    let outcome = await withTaskGroup(of: Void.self) { group in
      group.addTask {
        guard (try? await Task.sleep(until: job.deadline, clock: .continuous)) != nil else {
          return
        }
        self.interrupt(job, .timeout)
      }
      let outcome = await self.outcome(of: job)
      group.cancelAll()
      return outcome
    }
    metrics.record(outcome, of: task, after: ContinuousClock.now - start)
    return try outcome.get()
  }

  private func outcome(of job: SMTPJob) async -> SMTPJob.Outcome {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        job.wait(with: continuation)
        submit(job)
      }
    } onCancel: {
      interrupt(job, .cancelled)
    }
  }

  private func interrupt(_ job: SMTPJob, _ reason: SMTPJob.Interruption) {
    job.interrupt(reason)
    let isWithdrawn = state.withLock { state in
      defer { metrics.update(state.pool) }
      return state.pool.withdraw(job.id)
    }
    if isWithdrawn, let error = job.interruptionError(delivery: .impossible) {
      job.finish(.failure(error))
    }
  }

  private func submit(_ job: SMTPJob) {
    // Under the lock that `interrupt` takes too: a job is either seen to be interrupted here, or
    // found in the queue there.
    let action = state.withLock { state -> SessionPool<SMTPJob>.SubmitAction in
      if let error = job.interruptionError(delivery: .impossible) { return .refuse(error) }
      defer { metrics.update(state.pool) }
      return state.pool.submit(job)
    }
    switch action {
    case .start(let id, let job): start(id, with: job)
    case .wake(let id): state.withLock { $0.sessions[id] }?.wake()
    case .wait: return
    case .refuse(let error): job.finish(.failure(error))
    }
  }

  private func start(_ id: Int, with job: SMTPJob) {
    guard let session = SMTPSession(id: id, client: self) else {
      job.finish(.failure(.library("libcurl can't be initialised")))
      ended(id)
      return
    }
    state.withLock { $0.sessions[id] = session }
    guard session.start(with: job) else {
      job.finish(.failure(.library("can't start a thread")))
      ended(id)
      return
    }
  }

  // MARK: - Called by sessions, on their threads

  /// What a session does after its work.
  func nextWork(afterWorkOf id: Int) -> SessionPool<SMTPJob>.NextAction {
    state.withLock { state in
      defer { metrics.update(state.pool) }
      return state.pool.finished(id)
    }
  }

  /// What an idle session does when it was woken or its time is over.
  func nextWork(afterIdlenessOf id: Int, isOver: Bool) -> SessionPool<SMTPJob>.NextAction {
    state.withLock { $0.pool.woken(id, idleTimeIsOver: isOver) }
  }

  /// A session holds nothing of the network any more.
  func ended(_ id: Int) {
    let (replacement, closers) = state.withLock { state in
      state.sessions[id] = nil
      let (replacement, isLast) = state.pool.ended(id)
      defer { if isLast { state.closers = [] } }
      metrics.update(state.pool)
      return (replacement, isLast ? state.closers : [])
    }
    for closer in closers { closer.resume() }
    if case .start(let id, let job) = replacement { start(id, with: job) }
  }

  /// Notes that a session was found dead and its message goes over a new one.
  func noteRetry(of id: Int, after error: SMTPError) {
    metrics.recordRetry()
    logger.debug(
      "mail session was stale; trying a new one",
      metadata: ["smtp.session": "\(id)", "error": "\(error)"]
    )
  }
}
