extension PostgresConnection {
  /// Makes the next call open a transaction first, in the same message.
  func begin(_ isolation: PostgresIsolation) { connection.begin(isolation, lease: lease) }

  func commit() async throws {
    guard connection.hasTransaction(lease: lease) else { return }
    let rows = try await query(PostgresQuery("COMMIT"))
    // The server answers ROLLBACK when a statement of the transaction had failed.
    guard rows.commandTag == "COMMIT" else { throw PostgresClientError.transactionAborted }
  }

  /// Waits for the rollback, so that the locks are free when the caller goes on. A cancelled task
  /// does not wait: giving the connection back rolls it back as well, behind the statement that is
  /// being stopped.
  func rollback() async {
    guard !Task.isCancelled, connection.hasTransaction(lease: lease) else { return }
    // A rollback that fails needs no report: the connection is then closed when it is given back.
    _ = try? await finish(.statement(PostgresQuery("ROLLBACK")))
  }
}
