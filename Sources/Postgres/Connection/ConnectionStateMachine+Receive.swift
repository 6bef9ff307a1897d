import DequeModule

extension ConnectionStateMachine {
  /// What libpq returned.
  enum Event {
    /// A statement ended well. The rows are nil in tests that have no server.
    case rows(PostgresRows?)
    case error(PostgresError)
    /// An earlier command of the same call failed, so this one was skipped.
    case skipped
    case copyIn
    case copyOut
    /// The end of one command's results.
    case end
    /// The answer to a call's Sync.
    case sync
    /// Data of a COPY went to the operating system.
    case flushed
    case copied([[UInt8]])
    /// The last row of a COPY has been read; the result follows.
    case copyEnded
  }

  enum Reaction {
    case none
    /// The call is answered. After the simple protocol, pipeline mode is entered again before
    /// anything is sent.
    case finished(Call, Result<Call.Value, any Error>, reenterPipeline: Bool)
    /// The connection can't be used any longer.
    case broken(String)
  }

  mutating func receive(_ event: Event) -> Reaction {
    guard !inFlight.isEmpty else {
      return .broken("the server answered a question that was not asked")
    }
    switch mode {
    case .pipeline: return receivePipelined(event)
    case .simple: return receiveSimple(event)
    case .copyIn:
      guard case .flushed = event else { return .broken("the server ended a COPY early") }
      return finish(.success(.none))
    case .copyOut:
      switch event {
      case .copied(let rows): return finish(.success(.copied(rows)))
      case .copyEnded:
        mode = .simple
        return .none
      default: return .broken("the server ended a COPY early")
      }
    case .closed: return .none
    }
  }

  private mutating func receivePipelined(_ event: Event) -> Reaction {
    let command = inFlight[0].commands.first
    switch event {
    case .rows(let rows):
      if command == .execute { inFlight[0].rows = rows }
    case .error(let error):
      if inFlight[0].error == nil { inFlight[0].error = error }
      if command == .prepare || error.isStaleStatement { forgetStatement() }
    case .skipped:
      if command == .prepare { forgetStatement() }
    case .end:
      if command.isEmpty {
        // The error of a commit at Sync, such as of a deferred constraint, ends once more than
        // there are commands.
        inFlight[0].surplus += 1
        if inFlight[0].surplus > 2 { return .broken("the server's answers are out of step") }
      }
      inFlight[0].commands.remove(command)
    case .sync:
      guard command.isEmpty else { return .broken("the server's answers are out of step") }
      if inFlight[0].critical, let error = inFlight[0].error { return .broken(error.message) }
      return finish(answer())
    case .copyIn, .copyOut, .flushed, .copied, .copyEnded:
      return .broken("COPY is not possible as a statement; use copyIn or copyOut")
    }
    return .none
  }

  private mutating func receiveSimple(_ event: Event) -> Reaction {
    switch event {
    case .rows(let rows):
      inFlight[0].statements += 1
      inFlight[0].rows = rows
    case .error(var error):
      guard inFlight[0].error == nil else { break }
      if case .script = inFlight[0].call.kind { error.statement = inFlight[0].statements + 1 }
      inFlight[0].error = error
    case .copyIn, .copyOut:
      guard case .copyStart = inFlight[0].call.kind else {
        return .broken("COPY is not possible in a script; use copyIn or copyOut")
      }
      if case .copyIn = event { mode = .copyIn } else { mode = .copyOut }
      return finish(.success(.none))
    case .end:
      mode = .pipeline
      let result: Result<Call.Value, any Error>
      if case .copyStart = inFlight[0].call.kind, inFlight[0].error == nil {
        result = .failure(
          PostgresClientError.misuse("the statement is not a COPY to or from the client")
        )
      } else if case .copyRead = inFlight[0].call.kind, inFlight[0].error == nil {
        result = .success(.none)
      } else {
        result = answer()
      }
      return finish(result, reenterPipeline: true)
    case .skipped, .sync, .flushed, .copied, .copyEnded:
      return .broken("the server's answers are out of step")
    }
    return .none
  }

  private mutating func forgetStatement() {
    if let key = inFlight[0].key { cache.forget(key) }
  }

  private func answer() -> Result<Call.Value, any Error> {
    if let error = inFlight[0].error { return .failure(error) }
    return .success(inFlight[0].rows.map { .rows($0) } ?? .none)
  }

  private mutating func finish(
    _ result: Result<Call.Value, any Error>,
    reenterPipeline: Bool = false
  ) -> Reaction {
    let call = inFlight.removeFirst().call
    if cancellation == .answering {
      cancellation = .none
      cancelDeadline = .distantFuture
      cancelAgainAt = .distantFuture
    }
    return .finished(call, result, reenterPipeline: reenterPipeline)
  }
}
