import Postgres

extension Transaction {
  /// Hands the rows of `statement` to `body` in their order, at most `size` at a time: of all rows,
  /// this process holds only those.
  ///
  /// They are one snapshot's, whatever else changes meanwhile. The connection is taken for as long
  /// as it takes, so `body` should wait for nobody. One at a time in a transaction.
  package func readInChunks<S: Statement, Row>(
    of size: Int,
    _ statement: S,
    _ body: ([Row]) async throws -> Void
  ) async throws where S.Context == DatabaseProcessor, S.Output == [Row] {
    precondition(size > 0, "chunks have rows")
    // All rows will be read: without this the planner chooses what gives the first of them fast.
    _ = try await run(PostgresQuery("SET LOCAL cursor_tuple_fraction = 1", prepared: false))
    var declaration = try statement.query
    declaration.sql = "DECLARE chunks NO SCROLL CURSOR FOR " + declaration.sql
    declaration.prepared = false
    _ = try await run(declaration)
    let fetch = PostgresQuery("FETCH FORWARD \(size) FROM chunks", prepared: false)
    while true {
      let rows = try S.decodeOrCorrupt(try await run(fetch))
      if !rows.isEmpty { try await body(rows) }
      if rows.count < size { break }
    }
    _ = try await run(PostgresQuery("CLOSE chunks", prepared: false))
  }
}
