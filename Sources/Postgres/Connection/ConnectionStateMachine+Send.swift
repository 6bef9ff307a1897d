import DequeModule

extension ConnectionStateMachine {
  /// What to send for one pipelined call.
  struct Plan {
    let call: Call
    let query: PostgresQuery
    let commands: Commands
    var begin: PostgresIsolation?
    /// The prepared statement's name; nil to send the text.
    var name: String?
    var deallocate: String?
  }

  enum Send {
    case pipeline(Plan)
    /// Leave pipeline mode and send the text.
    case simple(Call, sql: String)
    case copyData(Call, [UInt8])
    case copyEnd(Call, refusal: String?)
    case copyRead(Call)
    case refuse(Call, PostgresClientError)
  }

  /// The next thing to send, if anything may be sent now.
  mutating func nextToSend() -> Send? {
    guard mode != .closed, cancellation == .none else { return nil }
    while inFlight.count < window, let call = queue.popFirst() {
      if call.isFinished { continue }
      switch (call.kind, mode) {
      case (.statement(let query), .pipeline):
        return .pipeline(plan(call, query))
      case (.script(let sql), .pipeline), (.copyStart(let sql), .pipeline):
        if let isolation = pendingBegin {
          // These can't share a message with BEGIN, so it goes ahead by itself.
          pendingBegin = nil
          queue.prepend(call)
          let begin = Call(
            .statement(PostgresQuery(isolation.begin, prepared: false)),
            deadline: call.deadline
          ) { _ in }
          inFlight.append(InFlight(call: begin, commands: .execute, key: nil, critical: true))
          return .pipeline(
            Plan(
              call: begin,
              query: PostgresQuery(isolation.begin, prepared: false),
              commands: .execute
            )
          )
        }
        mode = .simple
        inFlight.append(InFlight(call: call, commands: [], key: nil))
        return .simple(call, sql: sql)
      case (.copyData(let bytes), .copyIn):
        inFlight.append(InFlight(call: call, commands: [], key: nil))
        return .copyData(call, bytes)
      case (.copyEnd(let refusal), .copyIn):
        mode = .simple
        inFlight.append(InFlight(call: call, commands: [], key: nil))
        return .copyEnd(call, refusal: refusal)
      case (.copyRead, .copyOut):
        inFlight.append(InFlight(call: call, commands: [], key: nil))
        return .copyRead(call)
      case (.lease, _):
        return .refuse(call, .misuse("a connection can't lend itself"))
      case (.copyData, _), (.copyEnd, _), (.copyRead, _):
        return .refuse(call, .misuse("no COPY of this direction is running"))
      case (.statement, _), (.script, _), (.copyStart, _):
        return .refuse(call, .misuse("a COPY is running on this connection"))
      }
    }
    return nil
  }

  private mutating func plan(_ call: Call, _ query: PostgresQuery) -> Plan {
    var commands: Commands = .execute
    var begin: PostgresIsolation?
    var name: String?
    var deallocate: String?
    var key: StatementCache.Key?
    if let isolation = pendingBegin {
      begin = isolation
      pendingBegin = nil
      commands.insert(.begin)
    }
    if query.prepared {
      let statement = StatementCache.Key(
        sql: query.sql,
        types: query.bindings.parameters.map(\.type)
      )
      key = statement
      switch cache.use(statement) {
      case .ready(let known): name = known
      case .prepare(let new, let evicted):
        name = new
        commands.insert(.prepare)
        if let evicted {
          deallocate = evicted
          commands.insert(.deallocate)
        }
      }
    }
    inFlight.append(InFlight(call: call, commands: commands, key: key))
    return Plan(
      call: call,
      query: query,
      commands: commands,
      begin: begin,
      name: name,
      deallocate: deallocate
    )
  }
}

extension PostgresIsolation {
  var begin: String { "BEGIN ISOLATION LEVEL \(rawValue)" }
}
