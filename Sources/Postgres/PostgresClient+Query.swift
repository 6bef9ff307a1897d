extension PostgresClient {
  /// Runs one statement on a connection of its own, outside any transaction.
  ///
  /// A statement whose prepared form went stale (its table was altered) is prepared again, once.
  /// Throws `PostgresError`, `PostgresClientError`, or `CancellationError`, after which the server
  /// has been asked to stop the statement.
  package func query(_ query: PostgresQuery, deadline: Duration? = nil) async throws -> PostgresRows
  {
    let end = MonotonicTime.now.advanced(by: deadline ?? configuration.callTimeout)
    do {
      return try await pool.run(Call(.statement(query), deadline: end))
    } catch let error as PostgresError where error.isStaleStatement && query.prepared {
      return try await pool.run(Call(.statement(query), deadline: end))
    }
  }

  /// Runs one autocommit statement on a connection that other callers' statements share, each with
  /// a Sync of its own: the fastest way for short reads and single-row writes.
  ///
  /// A slow statement delays those behind it. A call that is cancelled or past its deadline returns
  /// at once; its statement runs on and its result is dropped. The statement must not open a
  /// transaction or change the session.
  package func pipelined(_ query: PostgresQuery, deadline: Duration? = nil) async throws
    -> PostgresRows
  {
    let end = MonotonicTime.now.advanced(by: deadline ?? configuration.callTimeout)
    do {
      return try await pool.runPipelined(Call(.statement(query), deadline: end))
    } catch let error as PostgresError where error.isStaleStatement && query.prepared {
      return try await pool.runPipelined(Call(.statement(query), deadline: end))
    }
  }
}
