extension PostgresClient {
  /// How often a transaction is run again by default: conflicts of short transactions rarely happen
  /// three times in a row.
  package static var defaultRetries: Int { 3 }

  /// Runs `body` in one transaction: it commits when the body returns and rolls back when it
  /// throws.
  ///
  /// When the server reports a serialisation failure or a deadlock the whole body is run again on a
  /// new transaction, up to `retries` times after short random pauses; so it must have no effect
  /// outside the database. BEGIN travels with the first statement and costs no round trip.
  ///
  /// Throws what the body throws, `PostgresError` and `PostgresClientError`; `.connectionLost` when
  /// the connection broke, also during COMMIT, after which it is not known whether the transaction
  /// happened.
  package func transaction<R: Sendable>(
    isolation: PostgresIsolation = .readCommitted,
    retries: Int = PostgresClient.defaultRetries,
    _ body: (PostgresConnection) async throws -> R
  ) async throws -> R {
    var attempt = 0
    while true {
      do {
        return try await attemptTransaction(isolation, body)
      } catch let error as PostgresError
        where attempt < retries
        && (error.isSerializationFailure || error.isDeadlock || error.isStaleStatement)
      {
        attempt += 1
        try await Task.sleep(
          for: .microseconds(Int64.random(in: 0...(Self.retryPause << min(attempt, 6))))
        )
      }
    }
  }

  /// Microseconds that the first pause before another attempt lasts at most: about the length of a
  /// short transaction.
  private static var retryPause: Int64 { 1000 }

  private func attemptTransaction<R: Sendable>(
    _ isolation: PostgresIsolation,
    _ body: (PostgresConnection) async throws -> R
  ) async throws -> R {
    let connection = try await pool.lease()
    defer { connection.giveBack() }
    connection.begin(isolation)
    do {
      let result = try await body(connection)
      try await connection.commit()
      return result
    } catch {
      await connection.rollback()
      throw error
    }
  }
}
