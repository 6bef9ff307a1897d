import CLibpq

extension ServerConnection {
  /// Hands one call to libpq.
  func perform(_ send: ConnectionStateMachine.Send, _ state: inout State, _ effects: inout Effects)
  {
    guard let handle = state.handle else { return }
    var sent = true
    switch send {
    case .pipeline(let plan):
      sent = Self.send(plan, on: handle)
    case .simple(_, let sql):
      sent = PQexitPipelineMode(handle) == 1 && PQsendQuery(handle, sql) == 1
    case .copyData(_, let bytes):
      // 1 is queued; 0, that it would block, comes only when memory for it can't be had.
      sent = bytes.withUnsafeBytes {
        PQputCopyData(handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
          == 1
      }
    case .copyEnd(_, let refusal):
      sent = PQputCopyEnd(handle, refusal) == 1
      // A server that refused the data has answered already, and the socket will not become
      // readable again.
      if sent { read(&state, &effects) }
    case .copyRead:
      read(&state, &effects)
    case .refuse(let call, let error):
      if call.claim() { effects.finish(call, .failure(error)) }
    }
    if !sent { end(&state, &effects, reason: Self.message(of: handle), error: nil) }
  }

  private static func send(_ plan: ConnectionStateMachine.Plan, on handle: OpaquePointer) -> Bool {
    if let begin = plan.begin, PQsendQueryParams(handle, begin.begin, 0, nil, nil, nil, nil, 1) == 0
    {
      return false
    }
    if let name = plan.deallocate,
      PQsendQueryParams(handle, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 1) == 0
    {
      return false
    }
    let parameters = plan.query.bindings.parameters
    let count = parameters.count
    return plan.query.bindings.bytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
        // Lengths, formats and types.
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 3) { numbers in
          var offset = 0
          for index in 0..<count {
            let length = parameters[index].length
            numbers.initializeElement(at: index, to: max(0, length))
            numbers.initializeElement(at: count + index, to: 1)
            numbers.initializeElement(
              at: 2 * count + index,
              to: Int32(bitPattern: parameters[index].type.rawValue)
            )
            if length < 0 {
              values.initializeElement(at: index, to: nil)
            } else {
              let start = bytes.baseAddress.map {
                UnsafeRawPointer($0 + offset).assumingMemoryBound(to: CChar.self)
              }
              values.initializeElement(at: index, to: start)
              offset += Int(length) + 1
            }
          }
          return send(
            plan,
            on: handle,
            count: Int32(count),
            values: values.baseAddress,
            numbers: numbers.baseAddress
          )
        }
      }
    }
  }

  private static func send(
    _ plan: ConnectionStateMachine.Plan,
    on handle: OpaquePointer,
    count: Int32,
    values: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    numbers: UnsafeMutablePointer<Int32>?
  ) -> Bool {
    let formats = numbers.map { $0 + Int(count) }
    let sql = plan.query.sql
    let types = numbers.map {
      UnsafeRawPointer($0 + 2 * Int(count)).assumingMemoryBound(to: Oid.self)
    }
    if let name = plan.name {
      if plan.commands.contains(.prepare), PQsendPrepare(handle, name, sql, count, types) == 0 {
        return false
      }
      if PQsendQueryPrepared(handle, name, count, values, numbers, formats, 1) == 0 { return false }
    } else if PQsendQueryParams(handle, sql, count, types, values, numbers, formats, 1) == 0 {
      return false
    }
    // It flushes as well.
    return PQpipelineSync(handle) == 1
  }

  /// Pushes out what libpq has buffered, and watches the socket for what has to happen next. True
  /// if that answered a call.
  func flush(_ state: inout State, _ effects: inout Effects) -> Bool {
    guard let handle = state.handle else { return false }
    let left = PQflush(handle)
    if left < 0 {
      end(&state, &effects, reason: Self.message(of: handle), error: nil)
      return false
    }
    let flushed = left == 0 && state.machine.mode == .copyIn && !state.machine.inFlight.isEmpty
    if flushed { react(to: .flushed, &state, &effects) }
    if state.handle != nil { watch(&state, writable: left == 1) }
    return flushed
  }

  private func watch(_ state: inout State, writable write: Bool) {
    // A reader of a COPY that pauses makes the server pause.
    let read =
      (state.machine.mode != .copyOut || !state.machine.inFlight.isEmpty) && !state.readInline
    guard read != state.watchesRead || write != state.watchesWrite else { return }
    state.watchesRead = read
    state.watchesWrite = write
    EventLoop.shared.update(descriptor, handler: self, readable: read, writable: write)
  }
}
