extension PostgresConnection {
  /// Takes the session's advisory lock `key` if no other session has it. It is held until
  /// `releaseAdvisoryLock` or the connection ends.
  package func tryAdvisoryLock(_ key: Int64) async throws -> Bool {
    try await query(Self.advisory("SELECT pg_try_advisory_lock($1)", key)).first?.decode(0) ?? false
  }

  /// Waits for the session's advisory lock `key`, for as long as `deadline` and the statement
  /// timeout allow.
  package func advisoryLock(_ key: Int64, deadline: Duration? = nil) async throws {
    _ = try await query(Self.advisory("SELECT pg_advisory_lock($1)", key), deadline: deadline)
  }

  /// Gives the session's advisory lock back; false if this session did not hold it.
  package func releaseAdvisoryLock(_ key: Int64) async throws -> Bool {
    try await query(Self.advisory("SELECT pg_advisory_unlock($1)", key)).first?.decode(0) ?? false
  }

  private static func advisory(_ sql: String, _ key: Int64) -> PostgresQuery {
    var bindings = PostgresBindings()
    bindings.append(key)
    return PostgresQuery(sql, bindings)
  }
}
