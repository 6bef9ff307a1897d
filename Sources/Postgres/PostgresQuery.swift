/// One SQL statement with its parameters.
package struct PostgresQuery: Sendable {
  package var sql: String
  package var bindings: PostgresBindings
  /// Whether the statement is parsed once per connection and kept for the next time; false for
  /// statements that are run once.
  package var prepared: Bool

  package init(
    _ sql: String,
    _ bindings: PostgresBindings = PostgresBindings(),
    prepared: Bool = true
  ) {
    self.sql = sql
    self.bindings = bindings
    self.prepared = prepared
  }
}
