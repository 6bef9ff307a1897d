import CLibpq

/// The answer to a statement: its rows, and how many rows it changed.
///
/// It keeps the server's answer in one piece; rows decode straight from it.
package struct PostgresRows: Sendable, RandomAccessCollection {
  let answer: Answer

  init(_ answer: Answer) { self.answer = answer }

  package var startIndex: Int { 0 }
  package var endIndex: Int { answer.rowCount }

  package subscript(index: Int) -> PostgresRow {
    precondition(index >= 0 && index < answer.rowCount, "row index out of range")
    return PostgresRow(answer: answer, index: Int32(index))
  }

  /// How many rows an INSERT, UPDATE, DELETE, MERGE, SELECT or COPY reports; 0 for other
  /// statements.
  package var affected: Int { answer.affected }

  /// The server's command tag, such as `INSERT 0 1`.
  package var commandTag: String { answer.commandTag }

  package var columnCount: Int { answer.columnCount }
}

/// One row of an answer.
package struct PostgresRow: Sendable {
  let answer: Answer
  let index: Int32

  package var columnCount: Int { answer.columnCount }

  /// The name of a column, as the statement gives it; empty if there is no such column.
  package func columnName(_ column: Int) -> String {
    PQfname(answer.result, Int32(column)).map { String(cString: $0) } ?? ""
  }

  /// Reads a column, counted from 0. A type that is optional reads NULL as nil.
  ///
  /// Throws `PostgresDecodingError`.
  package func decode<T: PostgresDecodable>(_ column: Int, as type: T.Type = T.self) throws -> T {
    guard column >= 0, column < answer.columnCount else {
      throw PostgresDecodingError.noSuchColumn(column)
    }
    let column = Int32(column)
    guard let bytes = PQgetvalue(answer.result, index, column) else {
      throw PostgresDecodingError.noSuchColumn(Int(column))
    }
    let length = PQgetlength(answer.result, index, column)
    if length == 0, PQgetisnull(answer.result, index, column) == 1 { return try T.decodeNull() }
    return try T(
      postgres: UnsafeRawBufferPointer(start: bytes, count: Int(length)),
      type: PostgresType(rawValue: PQftype(answer.result, column))
    )
  }
}

/// The owner of one `PGresult`.
///
/// Proof for `@unchecked`: libpq never writes to a result once it has returned it, the reading
/// functions of `PGresult` are thread-safe, and the one that frees it is called when the last
/// reference is gone.
final class Answer: @unchecked Sendable {
  let result: OpaquePointer
  let rowCount: Int
  let columnCount: Int

  init(_ result: OpaquePointer) {
    self.result = result
    rowCount = Int(PQntuples(result))
    columnCount = Int(PQnfields(result))
  }

  deinit { PQclear(result) }

  var affected: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

  var commandTag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }
}
