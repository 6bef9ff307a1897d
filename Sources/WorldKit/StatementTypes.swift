package import Platform
package import Postgres
import TestKit

/// What `make generate` believes of a statement: the types of its parameters, and of the columns
/// that it decodes.
package struct StatementTypes: Sendable {
  package typealias Column = (type: PostgresType, isNullable: Bool)

  package let statement: any Statement.Type
  package let parameters: [PostgresType]
  package let columns: [Column]

  package init(
    _ statement: any Statement.Type,
    parameters: [PostgresType],
    columns: [Column]
  ) {
    self.statement = statement
    self.parameters = parameters
    self.columns = columns
  }

  /// `GiftCard.Lock`.
  package var name: String {
    String(String(reflecting: statement).split(separator: ".").dropFirst().joined(separator: "."))
  }

  /// How PostgreSQL contradicts it on the migrated schema; empty: not at all.
  ///
  /// - Parameter neverNull: columns, such as `GiftCard.Lock.value`, that are NULL in no row of their
  ///   statement for a reason that is not in its text.
  package func problems(
    on server: DescribingConnection,
    neverNull: Set<String> = []
  ) -> [String] {
    let description: StatementDescription
    do {
      description = try server.describe(statement.sql)
    } catch {
      return ["\(name) can't be prepared: \(error)"]
    }
    var problems: [String] = []
    if description.parameters.count != parameters.count
      || !zip(parameters, description.parameters).allSatisfy(Self.fits)
    {
      problems.append("\(name)'s parameters are \(description.parameters), not \(parameters)")
    }
    // What only counts rows decodes no columns.
    guard !columns.isEmpty else { return problems }
    if description.columns.map(\.type) != columns.map(\.type) {
      problems.append("\(name)'s columns are \(description.columns.map(\.type)), not \(columns)")
    }
    for (found, expected) in zip(description.columns, columns)
    where found.canBeNull && !expected.isNullable && !excludesNull(found.name)
      && !neverNull.contains("\(name).\(found.name)")
    {
      problems.append("\(name).\(found.name) comes from a column that can be NULL")
    }
    return problems
  }

  /// The driver tells the server its types: an integer may be narrower than what the server would
  /// have chosen, as in LIMIT.
  private static func fits(_ own: PostgresType, _ servers: PostgresType) -> Bool {
    own == servers || ([.int2, .int4].contains(own) && servers == .int8)
      || (own == .int2 && servers == .int4)
  }

  /// Whether the statement compares the column, sets it or asks for it: then it is not NULL in the
  /// rows that come.
  private func excludesNull(_ column: String) -> Bool {
    let text = statement.sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return [" IS NOT NULL", " = $", " <", " = ANY"].contains { text.contains("\(column)\($0)") }
  }
}

/// How PostgreSQL contradicts what `make generate` believes of a module's statements.
package func problems(
  of statements: [StatementTypes],
  neverNull: Set<String> = []
) async throws -> [String] {
  try await withTestDatabase(migratedTemplate) { database in
    let server = try DescribingConnection(database.url)
    return statements.flatMap { $0.problems(on: server, neverNull: neverNull) }
  }
}
