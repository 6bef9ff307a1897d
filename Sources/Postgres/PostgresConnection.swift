/// One connection, lent to a task for a while. Its calls run one after another, in the order in
/// which they are made.
package final class PostgresConnection: Sendable {
  let connection: ServerConnection
  /// Which lending this is. Calls that come after it has ended are refused, as the connection then
  /// serves someone else.
  let lease: UInt64

  init(_ connection: ServerConnection, lease: UInt64) {
    self.connection = connection
    self.lease = lease
  }

  /// The process that serves this connection, as `pg_stat_activity.pid` shows it.
  package var processID: Int32 { connection.processID }

  /// Runs one statement. Throws `PostgresError`, `PostgresClientError`, or `CancellationError`,
  /// after which the server has been asked to stop the statement and the connection can be used
  /// again as soon as it has.
  package func query(_ query: PostgresQuery, deadline: Duration? = nil) async throws -> PostgresRows
  {
    guard case .rows(let rows) = try await run(.statement(query), deadline: deadline) else {
      throw PostgresClientError.misuse("the statement has no result")
    }
    return rows
  }

  /// Runs a script of many statements in one round trip, with the simple protocol: without
  /// parameters, and as one transaction unless the script has its own BEGIN and COMMIT.
  ///
  /// A `PostgresError` says in `statement` which of them failed and, for a syntax error, in
  /// `position` where.
  package func execute(script: String, deadline: Duration? = nil) async throws {
    _ = try await run(.script(script), deadline: deadline)
  }

  func run(_ kind: Call.Kind, deadline: Duration? = nil) async throws -> Call.Value {
    let call = Call(
      kind,
      deadline: .now.advanced(by: deadline ?? connection.configuration.callTimeout)
    )
    return try await call.value(
      starting: { self.connection.submit($0, lease: self.lease) },
      abandoning: { self.connection.abandon($0) }
    )
  }

  /// Like `run`, but not stopped by the task's cancellation: for what cleans up. It is given the
  /// grace that a cancelled statement has.
  func finish(_ kind: Call.Kind) async throws -> Call.Value {
    let call = Call(kind, deadline: .now.advanced(by: connection.configuration.cancelGrace))
    return try await call.valueIgnoringCancellation {
      self.connection.submit($0, lease: self.lease)
    }
  }

  func giveBack() { connection.endLease(lease) }
}
