import Synchronization

/// One request to a connection or to the pool, and the caller that waits for it.
///
/// It is resumed exactly once: whoever changes `phase` to finished (the result, the deadline, or
/// the cancellation) resumes it, and the others find it finished. A finished call that a connection
/// still holds is a tombstone, so that the server's answers keep matching.
final class Call: Sendable {
  enum Kind: Sendable {
    case statement(PostgresQuery)
    case script(String)
    /// Starts a COPY in either direction.
    case copyStart(String)
    case copyData([UInt8])
    /// Ends a COPY into the server; with a refusal the server drops what it got.
    case copyEnd(refusal: String?)
    case copyRead
    /// Waits for a connection to be lent.
    case lease
  }

  enum Value: Sendable {
    case none
    case rows(PostgresRows)
    case copied([[UInt8]])
    case lease(PostgresConnection)
  }

  private enum Phase {
    static let new: UInt8 = 0
    static let waiting: UInt8 = 1
    static let finished: UInt8 = 2
  }

  private enum Waiter {
    case nobody
    case task(UnsafeContinuation<Value, any Error>)
    case callback(@Sendable (Result<Value, any Error>) -> Void)
  }

  let kind: Kind
  let deadline: MonotonicTime
  private let phase = Atomic<UInt8>(Phase.new)
  // Proof: written before `phase` leaves `new` (release), read once, by whoever moved it to
  // `finished` (acquire).
  nonisolated(unsafe) private var waiter = Waiter.nobody
  // Proof: read and written under the lock of the pool only.
  nonisolated(unsafe) var connection: ServerConnection?

  init(_ kind: Kind, deadline: MonotonicTime) {
    self.kind = kind
    self.deadline = deadline
  }

  /// A call of the driver's own.
  init(
    _ kind: Kind,
    deadline: MonotonicTime,
    callback: @escaping @Sendable (Result<Value, any Error>) -> Void
  ) {
    self.kind = kind
    self.deadline = deadline
    waiter = .callback(callback)
    phase.store(Phase.waiting, ordering: .releasing)
  }

  var isFinished: Bool { phase.load(ordering: .acquiring) == Phase.finished }

  /// Finishes the call. True if it is now the caller's to resume; false if someone else finished
  /// it, or nobody waits yet: who is about to wait then finds it finished.
  func claim() -> Bool {
    phase.exchange(Phase.finished, ordering: .acquiringAndReleasing) == Phase.waiting
  }

  /// Resumes the waiting task. Only who claimed the call may do it, and outside of locks.
  func resume(_ result: Result<Value, any Error>) {
    switch waiter {
    case .nobody: break
    case .task(let continuation): continuation.resume(with: result)
    case .callback(let callback): callback(result)
    }
  }

  /// Claims and resumes the call, if it is not finished.
  func fail(_ error: any Error) {
    if claim() { resume(.failure(error)) }
  }

  /// Waits for the value. `abandoning` runs when the task is cancelled, once the call has been
  /// finished.
  func value(starting start: (Call) -> Void, abandoning abandon: @escaping @Sendable (Call) -> Void)
    async throws -> Value
  {
    try await withTaskCancellationHandler {
      try await valueIgnoringCancellation(starting: start)
    } onCancel: {
      if claim() {
        resume(.failure(CancellationError()))
        abandon(self)
      }
    }
  }

  func valueIgnoringCancellation(starting start: (Call) -> Void) async throws -> Value {
    try await withUnsafeThrowingContinuation { continuation in
      waiter = .task(continuation)
      if phase.compareExchange(
        expected: Phase.new,
        desired: Phase.waiting,
        ordering: .acquiringAndReleasing
      ).exchanged {
        start(self)
      } else {
        continuation.resume(throwing: CancellationError())
      }
    }
  }
}
