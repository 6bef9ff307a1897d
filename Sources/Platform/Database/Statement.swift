package import Postgres

/// One SQL statement with its parameters; `make generate` writes these from the `.sql` files.
package protocol Statement: Operation {
  static var sql: String { get }
  /// True for a single autocommit statement that may share a connection with others.
  static var isPipelined: Bool { get }

  func bind(to bindings: inout PostgresBindings) throws
  static func decode(_ rows: PostgresRows) throws -> Output
}

extension Statement {
  package static var isPipelined: Bool { false }

  var query: PostgresQuery {
    get throws {
      var bindings = PostgresBindings()
      try bind(to: &bindings)
      return PostgresQuery(Self.sql, bindings)
    }
  }

  /// What decoding throws means a row that breaks its own schema, never a bad request.
  static func decodeOrCorrupt(_ rows: PostgresRows) throws -> Output {
    try CorruptRow.unlessRead(by: Self.self) { try decode(rows) }
  }
}

extension Statement where Context == DatabaseProcessor {
  package func perform(in database: DatabaseProcessor) async throws -> Output {
    try Self.decodeOrCorrupt(try await database.run(try query, pipelined: Self.isPipelined))
  }
}

extension Statement where Context == Transaction {
  package func perform(in transaction: Transaction) async throws -> Output {
    try Self.decodeOrCorrupt(try await transaction.run(try query))
  }
}

extension Statement where Output == Void {
  package static func decode(_ rows: PostgresRows) throws {}
}

/// A row that could not be decoded, since the database and the code disagree.
package struct CorruptRow: Error {
  package let statement: String
  package let cause: String

  package init(statement: String, cause: String) {
    self.statement = statement
    self.cause = cause
  }

  /// What `read` makes of a row of `statement`; whatever it throws means that the row is corrupt.
  package static func unlessRead<Value>(
    by statement: any Statement.Type,
    _ read: () throws -> Value
  ) throws(CorruptRow) -> Value {
    do {
      return try read()
    } catch {
      throw CorruptRow(statement: name(of: statement), cause: String(describing: error))
    }
  }

  /// `GiftCard.Lock`: its name within its module.
  private static func name(of statement: any Statement.Type) -> String {
    let path = String(reflecting: statement)
    return path.firstIndex(of: ".").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
