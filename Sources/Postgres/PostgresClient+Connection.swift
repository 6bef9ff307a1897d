extension PostgresClient {
  /// Lends one connection to `body` for as long as it runs.
  ///
  /// A transaction that the body leaves open is rolled back. What else it changes in the session
  /// (SET, temporary tables, session locks) it must undo itself.
  package func withConnection<R: Sendable>(_ body: (PostgresConnection) async throws -> R)
    async throws -> R
  {
    let connection = try await pool.lease()
    defer { connection.giveBack() }
    return try await body(connection)
  }
}
