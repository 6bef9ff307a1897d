import Synchronization

/// A send or a check that one caller waits for.
final class SMTPJob: Identifiable, Sendable {
  enum Task: Sendable {
    case send(SMTPMessage)
    case check
  }

  /// Why a caller no longer waits.
  enum Interruption: UInt8, AtomicRepresentable {
    case none, cancelled, timeout
  }

  typealias Outcome = Result<SMTPReply, SMTPError>

  let task: Task
  let deadline: ContinuousClock.Instant
  private let interruptionFlag = Atomic(Interruption.none)
  private let state = Mutex(State())

  private struct State {
    var continuation: CheckedContinuation<Outcome, Never>?
    var session: SMTPSession?
  }

  init(_ task: Task, deadline: ContinuousClock.Instant) {
    self.task = task
    self.deadline = deadline
  }

  var interruption: Interruption { interruptionFlag.load(ordering: .sequentiallyConsistent) }

  /// The error of a caller that no longer waits; nil for one that does.
  func interruptionError(delivery: SMTPError.Delivery) -> SMTPError? {
    switch interruption {
    case .none: nil
    case .cancelled: .cancelled(delivery: delivery)
    case .timeout: .timeout(delivery: delivery)
    }
  }

  func wait(with continuation: CheckedContinuation<Outcome, Never>) {
    state.withLock { $0.continuation = continuation }
  }

  /// Marks the job, and wakes the session that carries it. The first reason counts.
  func interrupt(_ reason: Interruption) {
    _ = interruptionFlag.compareExchange(
      expected: .none,
      desired: reason,
      ordering: .sequentiallyConsistent
    )
    state.withLock { $0.session }?.wake()
  }

  /// From here on an interruption wakes the session; one that came before shows in `interruption`.
  func begin(on session: SMTPSession) {
    state.withLock { $0.session = session }
  }

  /// Answers the caller, once.
  func finish(_ outcome: Outcome) {
    let continuation = state.withLock { state in
      state.session = nil
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(returning: outcome)
  }
}
