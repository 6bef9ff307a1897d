import CLibpq

/// An error that the server reported. The fields are those of the protocol's ErrorResponse.
package struct PostgresError: Error, Sendable, Hashable {
  /// Five characters, such as `23505`; see appendix A of PostgreSQL's manual.
  package var sqlState: String
  package var message: String
  /// More on the error; it may quote what the failing row holds.
  package var detail: String?
  package var hint: String?
  package var schema: String?
  package var table: String?
  package var column: String?
  package var constraint: String?
  /// Where in the statement's text the error lies, in characters counted from 1.
  package var position: Int?
  /// Which statement of a script failed, counted from 1; nil for single statements.
  package var statement: Int?
  /// The text that was sent.
  package var query: String?

  package init(
    sqlState: String,
    message: String,
    detail: String? = nil,
    hint: String? = nil,
    schema: String? = nil,
    table: String? = nil,
    column: String? = nil,
    constraint: String? = nil,
    position: Int? = nil,
    statement: Int? = nil,
    query: String? = nil
  ) {
    self.sqlState = sqlState
    self.message = message
    self.detail = detail
    self.hint = hint
    self.schema = schema
    self.table = table
    self.column = column
    self.constraint = constraint
    self.position = position
    self.statement = statement
    self.query = query
  }

  package var isUniqueViolation: Bool { sqlState == "23505" }
  package var isForeignKeyViolation: Bool { sqlState == "23503" }
  package var isCheckViolation: Bool { sqlState == "23514" }
  package var isNotNullViolation: Bool { sqlState == "23502" }
  package var isExclusionViolation: Bool { sqlState == "23P01" }
  /// Two transactions could not both have happened (40001); running this one again may succeed.
  package var isSerializationFailure: Bool { sqlState == "40001" }
  package var isDeadlock: Bool { sqlState == "40P01" }
  /// A lock asked for with NOWAIT or under `lock_timeout` was not free (55P03).
  package var isLockNotAvailable: Bool { sqlState == "55P03" }
  /// The server stopped the statement: `statement_timeout`, or a cancel request (57014).
  package var isCancelled: Bool { sqlState == "57014" }
  /// The server ended the connection, or can't take one now: class 08, too many connections,
  /// shutdown, crash, start-up, idle timeouts.
  package var isConnectionFailure: Bool {
    sqlState.hasPrefix("08") || sqlState == "53300" || sqlState.hasPrefix("57P")
      || sqlState == "25P03"
  }
  /// A prepared statement no longer fits its tables, or the session has lost it: preparing it again
  /// helps.
  var isStaleStatement: Bool {
    sqlState == "26000" || (sqlState == "0A000" && message.hasPrefix("cached plan must not change"))
  }
}

extension PostgresError: CustomStringConvertible {
  /// For logs: without `detail`, in which the server quotes whole rows, secrets among them.
  package var description: String {
    var text = "\(sqlState): \(message)"
    for (label, value) in [
      ("hint", hint), ("schema", schema), ("table", table), ("column", column),
      ("constraint", constraint),
    ] {
      if let value { text += "; \(label): \(value)" }
    }
    if let statement { text += "; statement \(statement) of the script" }
    if let position { text += "; at character \(position)" }
    if let query { text += "; in: \(query)" }
    return text
  }
}

extension PostgresError {
  init(_ result: OpaquePointer, query: String?) {
    func field(_ code: Character) -> String? {
      PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
    }
    self.init(
      sqlState: field("C") ?? "XX000",
      message: field("M") ?? PQresultErrorMessage(result).map { String(cString: $0) }
        ?? "unknown error",
      detail: field("D"),
      hint: field("H"),
      schema: field("s"),
      table: field("t"),
      column: field("c"),
      constraint: field("n"),
      position: field("P").flatMap { Int($0) },
      query: query
    )
  }
}
