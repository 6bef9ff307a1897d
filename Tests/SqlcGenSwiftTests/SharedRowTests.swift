import Testing

@testable import sqlc_gen_swift

@Suite struct SharedRowTests {
  private func query(
    _ name: String,
    _ cmd: String = ":many",
    comments: [String] = ["row: GiftCard"],
    columns: [[String: Any]] = [
      Fixtures.column("id", "uuid"), Fixtures.column("value", "pg_catalog.int8"),
    ],
    filename: String = "GiftCard.sql"
  ) -> [String: Any] {
    Fixtures.query(
      name,
      cmd,
      "SELECT id, value FROM shop.gift_cards",
      comments: comments,
      columns: columns,
      filename: filename
    )
  }

  @Test func `statements that share a row have one type of it, where the first of them stands`()
    throws
  {
    let files = try Fixtures.generate([
      query("GiftCard_List"), query("GiftCard_Find", ":one"),
      query("Report_Read", filename: "Report.sql"),
    ])
    let cards = try #require(files["GiftCard+Queries.swift"])
    #expect(
      cards.contains(
        """
        extension GiftCard {
          /// What its statements read.
          struct Row: Sendable, Equatable {
            let id: UUID
            let value: Int64
          }
        }

        extension GiftCard.Row {
          init(_ row: PostgresRow) throws {
            id = try row.decode(0)
            value = try row.decode(1)
          }
        }
        """
      )
    )
    #expect(cards.split(separator: "struct Row").count == 2)
    #expect(cards.contains("typealias Output = [GiftCard.Row]\n"))
    #expect(cards.contains("typealias Output = GiftCard.Row?\n"))
    #expect(cards.contains("      try rows.first.map { try GiftCard.Row($0) }\n"))
    let report = try #require(files["Report+Queries.swift"])
    #expect(!report.contains("struct Row"))
    #expect(report.contains("      try rows.map { try GiftCard.Row($0) }\n"))
  }

  @Test func `a row of one column is a row where it is shared`() throws {
    let swift = try Fixtures.swift(
      query("GiftCard_List", columns: [Fixtures.column("id", "uuid")])
    )
    #expect(swift.contains("typealias Output = [GiftCard.Row]\n"))
  }

  @Test func `the name of the row is no documentation`() throws {
    #expect(try !Fixtures.swift(query("GiftCard_List")).contains("row: GiftCard"))
  }

  private func disagreement(_ columns: [[String: Any]]) throws -> String? {
    do {
      _ = try Fixtures.generate([
        query("GiftCard_List"),
        query("Report_Read", columns: columns, filename: "Report.sql"),
      ])
      return nil
    } catch let error as GeneratorError {
      return error.description
    }
  }

  @Test func `statements that disagree about their row are refused by file and name`() throws {
    let id = Fixtures.column("id", "uuid")
    let value = Fixtures.column("value", "pg_catalog.int8")
    #expect(try disagreement([id, value]) == nil)
    let start =
      "Report.sql: Report_Read: its columns are not those of `GiftCard.Row` in GiftCard_List (GiftCard.sql): "
    #expect(try disagreement([id]) == "\(start)1 columns, not 2")
    #expect(
      try disagreement([value, id]) == "\(start)column 1 is `value: Int64`, not `id: UUID`"
    )
    #expect(
      try disagreement([id, Fixtures.column("value", "pg_catalog.int4")])
        == "\(start)column 2 is `value: Int32`, not `value: Int64`"
    )
    #expect(
      try disagreement([id, Fixtures.column("value", "pg_catalog.int8", notNull: false)])
        == "\(start)column 2 is `value: Int64?`, not `value: Int64`"
    )
  }
}
