import CLibpq
package import Postgres

/// What PostgreSQL says of a statement that it has prepared.
package struct StatementDescription {
  package struct Column {
    package let name: String
    package let type: PostgresType
    /// Whether it is a table's column that may hold NULL. Expressions don't tell.
    package let canBeNull: Bool
  }

  package let parameters: [PostgresType]
  package let columns: [Column]
}

/// A connection that asks for descriptions, which the driver has no use for.
package final class DescribingConnection {
  private let connection: OpaquePointer

  package struct Refused: Error, CustomStringConvertible {
    package let description: String
  }

  package init(_ url: String) throws {
    guard let connection = PQconnectdb(url) else { throw Refused(description: "no memory") }
    self.connection = connection
    guard PQstatus(connection) == CONNECTION_OK else { throw refusal }
  }

  deinit { PQfinish(connection) }

  /// Prepares `sql` with no types given, so that the server finds them by itself.
  package func describe(_ sql: String) throws -> StatementDescription {
    let prepared = PQprepare(connection, "", sql, 0, nil)
    defer { PQclear(prepared) }
    guard PQresultStatus(prepared) == PGRES_COMMAND_OK,
      let answer = PQdescribePrepared(connection, "")
    else { throw refusal }
    defer { PQclear(answer) }
    return StatementDescription(
      parameters: (0..<PQnparams(answer)).map { PostgresType(rawValue: PQparamtype(answer, $0)) },
      columns: try (0..<PQnfields(answer)).map { index in
        StatementDescription.Column(
          name: String(cString: PQfname(answer, index)),
          type: PostgresType(rawValue: PQftype(answer, index)),
          canBeNull: try canBeNull(
            table: PQftable(answer, index),
            column: PQftablecol(answer, index)
          )
        )
      }
    )
  }

  /// Runs statements without parameters.
  package func execute(_ sql: String) throws {
    let answer = PQexec(connection, sql)
    defer { PQclear(answer) }
    guard PQresultStatus(answer) == PGRES_COMMAND_OK else { throw refusal }
  }

  /// Whether some session waits for a lock.
  package func isAnyoneWaiting() throws -> Bool {
    let answer = PQexec(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted")
    defer { PQclear(answer) }
    guard PQresultStatus(answer) == PGRES_TUPLES_OK else { throw refusal }
    return String(cString: PQgetvalue(answer, 0, 0)) != "0"
  }

  private func canBeNull(table: Oid, column: Int32) throws -> Bool {
    guard table != 0 else { return false }
    let answer = PQexec(
      connection,
      "SELECT NOT attnotnull FROM pg_attribute WHERE attrelid = \(table) AND attnum = \(column)"
    )
    defer { PQclear(answer) }
    guard PQresultStatus(answer) == PGRES_TUPLES_OK, PQntuples(answer) == 1 else { throw refusal }
    return String(cString: PQgetvalue(answer, 0, 0)) == "t"
  }

  private var refusal: Refused { Refused(description: String(cString: PQerrorMessage(connection))) }
}
