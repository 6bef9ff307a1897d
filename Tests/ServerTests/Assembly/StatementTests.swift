import Auth
import Mailer
import Manage
import Platform
import Postgres
import Shop
import Telecom
import TestKit
import Testing
import WorldKit

/// What `make generate` believes of each statement, against what PostgreSQL says of it on the
/// migrated schema.
@Suite struct StatementTests {
  private typealias Expectation = (
    statement: any Statement.Type, parameters: [PostgresType],
    columns: [(type: PostgresType, isNullable: Bool)]
  )

  private static let all: [Expectation] =
    PlatformStatements.all + AuthStatements.all + MailerStatements.all + ManageStatements.all
    + ShopStatements.all + TelecomStatements.all

  @Test
  func
    `every statement can be prepared, and its parameters and columns have the types that its Swift has`()
    async throws
  {
    try await withTestDatabase(migratedTemplate) { database in
      let server = try DescribingConnection(database.url)
      for (statement, parameters, columns) in Self.all {
        let name = String(describing: statement)
        let description: StatementDescription
        do {
          description = try server.describe(statement.sql)
        } catch {
          Issue.record("\(name) can't be prepared: \(error)")
          continue
        }
        #expect(
          description.parameters.count == parameters.count
            && zip(parameters, description.parameters).allSatisfy(Self.fits),
          "\(name)'s parameters are \(parameters), not \(description.parameters)"
        )
        // What only counts rows decodes no columns.
        if !columns.isEmpty {
          #expect(description.columns.map(\.type) == columns.map(\.type), "\(name)'s columns")
        }
      }
    }
  }

  @Test
  func
    `a value that is never nil comes from no column that can be NULL, unless the statement sees to it`()
    async throws
  {
    try await withTestDatabase(migratedTemplate) { database in
      let server = try DescribingConnection(database.url)
      for (statement, _, columns) in Self.all where !columns.isEmpty {
        let description = try server.describe(statement.sql)
        for (found, expected) in zip(description.columns, columns)
        where found.canBeNull && !expected.isNullable {
          let name = "\(statement).\(found.name)"
          #expect(
            Self.excludesNull(statement.sql, found.name) || Self.neverNull[name] != nil,
            "\(name) comes from a column that can be NULL"
          )
        }
      }
    }
  }

  /// Columns that no row of their statement has NULL, for a reason that isn't in its text.
  private static let neverNull = [
    "QueueItem.FindLastEnded.end_reason":
      "the table's CHECK lets it be NULL with ended_at only, which the statement excludes"
  ]

  /// The driver tells the server its types: an integer may be narrower than what the server would
  /// have chosen, as in LIMIT.
  private static func fits(_ own: PostgresType, _ servers: PostgresType) -> Bool {
    own == servers || ([.int2, .int4].contains(own) && servers == .int8)
      || (own == .int2 && servers == .int4)
  }

  /// Whether the statement compares the column, sets it or asks for it: then it is not NULL in the
  /// rows that come.
  private static func excludesNull(_ sql: String, _ column: String) -> Bool {
    let text = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return text.contains("\(column) IS NOT NULL") || text.contains("\(column) = $")
      || text.contains("\(column) <")
      || text.contains("\(column) = ANY")
  }
}
