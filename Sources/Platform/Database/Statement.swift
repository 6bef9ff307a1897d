package import Postgres

/// One SQL statement with its parameters; `make generate` writes these from the `.sql` files.
package protocol Statement: Operation {
  static var sql: String { get }
  /// True for a single autocommit statement that may share a connection with others.
  static var isPipelined: Bool { get }

  func bind(to bindings: inout PostgresBindings)
  static func decode(_ rows: PostgresRows) throws -> Output
}

extension Statement {
  package static var isPipelined: Bool { false }

  var query: PostgresQuery {
    var bindings = PostgresBindings()
    bind(to: &bindings)
    return PostgresQuery(Self.sql, bindings)
  }

  /// What decoding throws means a row that breaks its own schema, never a bad request.
  static func decodeOrCorrupt(_ rows: PostgresRows) throws -> Output {
    do {
      return try decode(rows)
    } catch {
      throw CorruptRow(statement: String(describing: Self.self), cause: String(describing: error))
    }
  }
}

extension Statement where Context == DatabaseProcessor {
  package func perform(in database: DatabaseProcessor) async throws -> Output {
    try Self.decodeOrCorrupt(try await database.run(query, pipelined: Self.isPipelined))
  }
}

extension Statement where Context == Transaction {
  package func perform(in transaction: Transaction) async throws -> Output {
    try Self.decodeOrCorrupt(try await transaction.run(query))
  }
}

extension Statement where Output == Void {
  package static func decode(_ rows: PostgresRows) throws {}
}

/// A row that could not be decoded: the database and the code disagree.
package struct CorruptRow: Error {
  package let statement: String
  package let cause: String

  package init(statement: String, cause: String) {
    self.statement = statement
    self.cause = cause
  }
}
