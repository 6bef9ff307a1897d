extension PostgresConnection {
  /// Runs a script that undoes something, also when the task has been cancelled: the end of a
  /// transaction, settings of the session, locks.
  ///
  /// It waits for what was stopped before it, and for no longer than the `cancelGrace` in all.
  package func cleanUp(script: String) async throws {
    _ = try await finish(.script(script))
  }
}
