import CLibpq

extension ServerConnection {
  /// Rows of a COPY that are handed over at once: enough to make the change of task cheap, little
  /// enough to be no memory to speak of.
  private static let copyBatchRows = 256
  private static let copyBatchBytes = 64 * 1024

  /// Takes every answer that has arrived whole.
  func read(_ state: inout State, _ effects: inout Effects) {
    while let handle = state.handle, state.machine.awaitsAnswer {
      if state.machine.mode == .copyOut {
        if !readCopy(&state, &effects) { break }
        continue
      }
      guard PQisBusy(handle) == 0 else { break }
      let reaction = receive(PQgetResult(handle), &state, &effects)
      if !reaction { break }
    }
    // This also makes libpq look at what comes unasked, such as the reason for which the server is
    // about to close.
    while let handle = state.handle, let notify = PQnotifies(handle) {
      effects.notifications.append(
        .message(
          channel: String(cString: notify.pointee.relname),
          payload: String(cString: notify.pointee.extra),
          processID: notify.pointee.be_pid
        )
      )
      PQfreemem(notify)
    }
  }

  /// Tells the machine of one result; false if the connection was closed.
  private func receive(_ result: OpaquePointer?, _ state: inout State, _ effects: inout Effects)
    -> Bool
  {
    guard let result else { return react(to: .end, &state, &effects) }
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      return react(to: .rows(PostgresRows(Answer(result))), &state, &effects)
    case PGRES_PIPELINE_SYNC:
      PQclear(result)
      return react(to: .sync, &state, &effects)
    case PGRES_PIPELINE_ABORTED:
      PQclear(result)
      return react(to: .skipped, &state, &effects)
    case PGRES_COPY_IN:
      PQclear(result)
      return react(to: .copyIn, &state, &effects)
    case PGRES_COPY_OUT:
      PQclear(result)
      return react(to: .copyOut, &state, &effects)
    default:
      let isServerError = PQresultErrorField(result, Int32(UInt8(ascii: "C"))) != nil
      let error = PostgresError(result, query: state.machine.inFlight.first?.call.sql)
      PQclear(result)
      if !isServerError {
        // libpq's own: the connection broke, or the protocol did.
        end(&state, &effects, reason: error.message, error: nil)
        return false
      }
      effects.failures += 1
      return react(to: .error(error), &state, &effects)
    }
  }

  /// Performs what the machine makes of an event; false if the connection was closed.
  @discardableResult
  func react(to event: ConnectionStateMachine.Event, _ state: inout State, _ effects: inout Effects)
    -> Bool
  {
    switch state.machine.receive(event) {
    case .none: return true
    case .finished(let call, let result, let reenterPipeline):
      if reenterPipeline, let handle = state.handle, PQenterPipelineMode(handle) == 0 {
        end(&state, &effects, reason: Self.message(of: handle), error: nil)
        return false
      }
      if call.claim() { effects.finish(call, result) }
      return true
    case .broken(let reason):
      end(&state, &effects, reason: reason, error: nil)
      return false
    }
  }

  /// Takes the rows of a COPY that have arrived; false if none has.
  @discardableResult
  func readCopy(_ state: inout State, _ effects: inout Effects) -> Bool {
    guard let handle = state.handle, !state.machine.inFlight.isEmpty else { return false }
    if state.copyEnded {
      state.copyEnded = false
      return react(to: .copyEnded, &state, &effects)
    }
    var rows: [[UInt8]] = []
    var size = 0
    while rows.count < Self.copyBatchRows, size < Self.copyBatchBytes {
      var buffer: UnsafeMutablePointer<CChar>?
      let length = PQgetCopyData(handle, &buffer, 1)
      if length > 0, let buffer {
        rows.append([UInt8](UnsafeRawBufferPointer(start: buffer, count: Int(length))))
        size += Int(length)
        PQfreemem(buffer)
        continue
      }
      if length == 0 { break }
      // -1: the last row was read; -2: it failed, which the result that follows explains. libpq
      // says it once.
      if rows.isEmpty { return react(to: .copyEnded, &state, &effects) }
      state.copyEnded = true
      break
    }
    return rows.isEmpty ? false : react(to: .copied(rows), &state, &effects)
  }
}

extension Call {
  /// The text that was sent, for errors.
  var sql: String? {
    switch kind {
    case .statement(let query): query.sql
    case .script(let sql), .copyStart(let sql): sql
    case .copyData, .copyEnd, .copyRead, .lease: nil
    }
  }
}
