import CoreMetrics
import Synchronization

extension Pool {
  func runPipelined(_ call: Call) async throws -> PostgresRows {
    guard
      case .rows(let rows) = try await call.value(
        starting: startPipelined,
        abandoning: { self.abandon($0) }
      )
    else {
      throw PostgresClientError.misuse("the statement has no result")
    }
    return rows
  }

  func startPipelined(_ call: Call) {
    let (chosen, isQuiet) = state.withLock { state in
      let chosen = state.pipeline.choose(call, at: .now) { $0.load.load(ordering: .relaxed) }
      if case .connection(let connection, _, _) = chosen { call.connection = connection }
      return (chosen, state.machine.leasedCount == 0)
    }
    switch chosen {
    case .connection(let connection, let open, let alone):
      if open { openPipelined() }
      connection.serve(call, alone: alone && isQuiet)
    case .wait(let open, let until):
      if open { openPipelined() }
      EventLoop.shared.wake(by: until)
    case .refused(let error): call.fail(error)
    }
  }

  func openPipelined() {
    connector.open(role: .shared(depth: configuration.pipelineDepth), owner: self) { result in
      switch result {
      case .success(let connection): self.openedPipelined(connection)
      case .failure(let failure): self.openPipelinedFailed(failure)
      }
    }
  }

  private func openedPipelined(_ connection: ServerConnection) {
    metrics.connects.increment()
    let calls = state.withLock { state in
      let calls = state.pipeline.opened(connection)
      state.connections[ObjectIdentifier(connection)] = connection
      for call in calls ?? [] { call.connection = connection }
      return calls
    }
    guard let calls else { return connection.close(.closed) }
    for call in calls { connection.serve(call) }
    EventLoop.shared.wake(by: connection.expiresAt)
  }

  private func openPipelinedFailed(_ failure: ConnectionAttempt.Failure) {
    metrics.connectFailures.increment()
    let now = MonotonicTime.now
    let calls = state.withLock {
      $0.pipeline.openFailed(
        failure.error,
        isPermanent: failure.isPermanent,
        at: now,
        random: .random(in: 0...1)
      )
    }
    for call in calls { call.fail(failure.error) }
    // The sweep tries again when the pause has passed, if anyone waits.
    EventLoop.shared.wake(by: now)
  }
}
