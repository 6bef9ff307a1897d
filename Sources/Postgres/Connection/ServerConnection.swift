import CLibpq
import Glibc
import Logging
import Synchronization

/// One open connection: the `PGconn` and the state machine that decides about it.
///
/// libpq is called under the lock only, by whoever has something to do: the caller sends its own
/// statement, which saves a change of thread, and the event loop's thread reads the answers.
/// Callers are resumed and owners told after the lock has been left.
final class ServerConnection: Sendable {
  struct State {
    /// Nil once it is closed.
    var handle: OpaquePointer?
    var machine: ConnectionStateMachine
    var watchesRead = true
    var watchesWrite = false
    /// A caller's thread reads the next answer, so the event loop need not wake for it.
    var readInline = false
    /// libpq has said that the running COPY has no more rows, and the reader has not been told.
    var copyEnded = false
  }

  let configuration: PostgresConfiguration
  let processID: Int32
  /// When it is to be replaced.
  let expiresAt: MonotonicTime
  /// Calls that are sent or queued; counted for shared connections, to find the least busy.
  let load = Atomic<Int>(0)
  let role: ConnectionStateMachine.Role
  /// The socket, under a number that is ours: libpq closes its own when the connection breaks,
  /// while epoll has to be told before that.
  let descriptor: Int32
  let state: Mutex<State>
  private let owner: any ConnectionOwner
  private let notices: NoticeLog

  /// `lifetimeShare`, from 0.9 to 1, spreads the replacement of connections that were opened
  /// together.
  init(
    _ opened: ConnectionAttempt.Opened,
    role: ConnectionStateMachine.Role,
    owner: any ConnectionOwner,
    configuration: PostgresConfiguration,
    logger: Logger,
    lifetimeShare: Double
  ) {
    self.owner = owner
    self.configuration = configuration
    self.role = role
    descriptor = opened.descriptor
    processID = PQbackendPID(opened.connection)
    expiresAt = MonotonicTime.now.advanced(by: configuration.maxLifetime * lifetimeShare)
    notices = NoticeLog(logger: logger)
    PQsetNoticeReceiver(
      opened.connection,
      NoticeLog.receive,
      Unmanaged.passUnretained(notices).toOpaque()
    )
    state = Mutex(
      State(
        handle: opened.connection,
        machine: ConnectionStateMachine(
          role: role,
          preparedStatements: configuration.preparedStatements
        )
      )
    )
    EventLoop.shared.add(descriptor, handler: self)
  }

  // MARK: from the owner

  func beginLease() -> UInt64 { state.withLock { $0.machine.beginLease(singleStatement: false) } }

  func endLease(_ lease: UInt64) {
    perform { state, effects in
      for call in state.machine.endLease(lease) where call.claim() {
        effects.finish(call, .failure(PostgresClientError.connectionReturned))
      }
    }
  }

  /// Closes the connection now. Its calls fail with `error`.
  func close(_ error: PostgresClientError) {
    perform { state, effects in
      self.end(&state, &effects, reason: "closed by the client", error: error)
    }
  }

  /// Closes a shared connection when its calls have been answered.
  func retire() { perform { state, _ in state.machine.retiring = true } }

  // MARK: calls

  /// Takes a call of a lending.
  func submit(_ call: Call, lease: UInt64) { take(call, lease: lease, alone: owner.isQuiet) }

  /// Takes a call of the owner's. A caller that is alone, on its own thread, may read the answer
  /// itself.
  func serve(_ call: Call, alone: Bool = false) { take(call, lease: nil, alone: alone) }

  /// An event loop that is awake sends the call soon, along with others; while it sleeps the
  /// caller's thread is quicker.
  private func take(_ call: Call, lease: UInt64?, alone: Bool) {
    let inline = alone && InlineRead.begin()
    if inline || !EventLoop.shared.post(.init(call: call, lease: lease, connection: self)) {
      accept(call, lease: lease, readInline: inline)
      if inline { readInline() }
    }
    EventLoop.shared.wake(by: call.deadline)
  }

  /// Sends a call, or queues it behind others.
  func accept(_ call: Call, lease: UInt64?, readInline: Bool = false) {
    var isReturned = false
    perform { state, effects in
      state.readInline = readInline
      if lease == nil, state.machine.role == .exclusive {
        _ = state.machine.beginLease(singleStatement: true)
      }
      guard case .refused(let error) = state.machine.enqueue(call, lease: lease) else { return }
      // Nothing was sent, so what is not bound to this connection may have another.
      if lease == nil {
        isReturned = true
      } else if call.claim() {
        effects.finish(call, .failure(error))
      }
    }
    if isReturned { owner.returned(call, from: self) }
  }

  private func readInline() {
    let readable = InlineRead.wait(descriptor)
    perform { state, effects in
      state.readInline = false
      if readable { self.read(from: &state, &effects) }
    }
  }

  /// Stops a call that has been claimed.
  func abandon(_ call: Call) {
    perform { state, effects in self.abandon(call, &state, &effects, now: .now) }
  }

  private func abandon(
    _ call: Call,
    _ state: inout State,
    _ effects: inout Effects,
    now: MonotonicTime
  ) {
    guard state.machine.abandon(call, now: now, grace: configuration.cancelGrace) == .sendCancel
    else { return }
    effects.wakeBy = now.advanced(by: configuration.cancelGrace)
    requestCancel(&state, &effects, now: now)
  }

  private func requestCancel(_ state: inout State, _ effects: inout Effects, now: MonotonicTime) {
    effects.cancel = PQgetCancel(state.handle).map { CancelRequest(request: $0) }
    if effects.cancel == nil { state.machine.cancelDelivered(at: now) }
  }

  // MARK: from the event loop

  func handle(readable: Bool, writable: Bool) {
    // What is only writable is flushed, as after every change.
    perform { state, effects in if readable { self.read(from: &state, &effects) } }
  }

  private func read(from state: inout State, _ effects: inout Effects) {
    guard let handle = state.handle else { return }
    repeat {
      if PQconsumeInput(handle) == 0 {
        return end(&state, &effects, reason: Self.message(of: handle), error: nil)
      }
      read(&state, &effects)
    } while state.handle != nil && TLSBuffer.holdsData(handle)
  }

  /// Ends the calls that are overdue; returns when to look again.
  func sweep(at now: MonotonicTime) -> MonotonicTime {
    var next = MonotonicTime.distantFuture
    perform { state, effects in
      let expired = state.machine.expired(at: now, patience: self.configuration.callTimeout)
      next = expired.next
      if expired.unresponsive {
        return self.end(&state, &effects, reason: "the server did not answer in time", error: nil)
      }
      if expired.cancelAgain {
        state.machine.cancelAgain()
        self.requestCancel(&state, &effects, now: now)
      }
      for call in expired.calls where call.claim() {
        effects.finish(call, .failure(PostgresClientError.deadlineExceeded))
        self.abandon(call, &state, &effects, now: now)
      }
    }
    return next
  }

  // MARK: effects

  /// Changes the connection under its lock, sends what may be sent then, and afterwards does what
  /// must be done outside.
  @inline(__always)
  private func perform(_ change: (inout State, inout Effects) -> Void) {
    var effects = Effects()
    state.withLock { state in
      change(&state, &effects)
      pump(&state, &effects)
      if state.machine.role != .exclusive {
        load.store(state.machine.queue.count + state.machine.inFlight.count, ordering: .relaxed)
      }
    }
    apply(effects)
  }

  private func pump(_ state: inout State, _ effects: inout Effects) {
    repeat {
      while let send = state.machine.nextToSend() { perform(send, &state, &effects) }
    } while flush(&state, &effects) || settle(&state, &effects)
  }

  /// True if there is something new to send.
  private func settle(_ state: inout State, _ effects: inout Effects) -> Bool {
    let idle = PQtransactionStatus(state.handle) == PQTRANS_IDLE
    switch state.machine.settle(transactionIdle: idle, rollback: rollback) {
    case .no: return false
    case .rollingBack: return true
    case .giveBack: effects.givenBack = true
    case .close:
      end(
        &state,
        &effects,
        reason: "the session was left in a state that can't be cleaned",
        error: nil
      )
    }
    return false
  }

  private func rollback() -> Call {
    let deadline = MonotonicTime.now.advanced(by: configuration.cancelGrace)
    EventLoop.shared.wake(by: deadline)
    return Call(.statement(PostgresQuery("ROLLBACK")), deadline: deadline) { _ in }
  }

  /// Closes the connection. Calls in flight get the server's error if it sent one, else `error`,
  /// else `.connectionLost`.
  func end(
    _ state: inout State,
    _ effects: inout Effects,
    reason: String,
    error: PostgresClientError?
  ) {
    guard let handle = state.handle else { return }
    for (call, serverError) in state.machine.close() where call.claim() {
      let cause: any Error = serverError ?? error ?? PostgresClientError.connectionLost(reason)
      effects.finish(call, .failure(cause))
    }
    EventLoop.shared.remove(descriptor, handler: self)
    Glibc.close(descriptor)
    PQfinish(handle)
    state.handle = nil
    effects.ended = reason
    effects.givenBack = false
  }

  private func apply(_ effects: consuming Effects) {
    var next: Call?
    if effects.givenBack { next = owner.givenBack(self) }
    if let ended = effects.ended { owner.ended(self, reason: ended) }
    if effects.failures > 0 { owner.failed(statements: effects.failures) }
    effects.resumeCalls()
    if let next { accept(next, lease: nil) }
    if let cancel = effects.cancel { deliver(cancel) }
    if !effects.notifications.isEmpty { owner.notified(effects.notifications) }
    if let time = effects.wakeBy { EventLoop.shared.wake(by: time) }
  }

  private func deliver(_ cancel: CancelRequest) {
    HelperThreads.cancelling.run {
      cancel.send()
      let now = MonotonicTime.now
      self.perform { state, effects in
        state.machine.cancelDelivered(at: now)
        effects.wakeBy = state.machine.cancelAgainAt
      }
    }
  }

  static func message(of handle: OpaquePointer) -> String {
    let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
    return text.isEmpty
      ? "the connection ended" : text.split(separator: "\n").joined(separator: "; ")
  }
}
