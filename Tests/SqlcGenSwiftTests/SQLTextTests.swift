import Testing

@testable import sqlc_gen_swift

@Suite struct SQLTextTests {
  @Test(arguments: [
    "SELECT 1 FROM x FOR UPDATE", "select 1 from x for update skip locked",
    "SELECT 1 FROM x FOR NO KEY UPDATE",
    "SELECT 1 FROM x FOR SHARE",
    "SELECT 1 FROM x FOR KEY SHARE", "SELECT 1 FROM x\nFOR\n  UPDATE", "LOCK TABLE x",
    "SELECT pg_advisory_xact_lock($1)",
    "SELECT pg_try_advisory_xact_lock($1)",
    "DELETE FROM x WHERE id IN (SELECT id FROM x FOR UPDATE)",
  ]) func `a statement that locks runs in a transaction`(sql: String) throws {
    #expect(SQLText(sql).isLocking)
    #expect(try model(sql).context == .transaction)
  }

  @Test(arguments: [
    "SELECT 1 FROM x", "SELECT 'FOR UPDATE'", "SELECT 1 -- FOR UPDATE", "SELECT 1 /* FOR UPDATE */",
    "SELECT \"for update\" FROM x",
    "SELECT $$ FOR UPDATE $$", "SELECT $a$ FOR UPDATE $a$", "SELECT E'\\' FOR UPDATE '",
    "UPDATE x SET for_update = 1",
    "SELECT pg_try_advisory_lock($1)",
  ]) func `one that does not lock runs anywhere`(sql: String) throws {
    #expect(!SQLText(sql).isLocking)
    #expect(try model(sql).context == .database)
  }

  @Test func `an annotation beats what the locks suggest`() throws {
    #expect(
      try model("SELECT 1 FROM x FOR UPDATE", comments: ["context: database"]).context == .database
    )
    #expect(
      try model("SELECT 1 FROM x", comments: ["context: transaction"]).context == .transaction
    )
  }

  private func model(_ sql: String, comments: [String] = []) throws -> StatementModel {
    try StatementModel(
      .init(name: "GiftCard_Touch", cmd: ":exec", text: sql, filename: "x.sql", comments: comments),
      options: Options(module: "Shop")
    )
  }

  @Test func `comments and empty lines go, quoted text stays as it is`() {
    let text = SQLText(
      "SELECT a, -- first\n\n  'it''s -- no  comment',  /* x /* y */ z */ \"b  c\"\n-- end\nFROM t"
    )
    #expect(
      text.lines(width: 100) == ["SELECT a,", "  'it''s -- no  comment', \"b  c\"", "FROM t"]
    )
  }

  @Test func `long lines are broken at spaces, never inside quotes`() {
    let lines = SQLText("  SELECT aaaa, bbbb, 'c c c c c c c c c c', dddd FROM t").lines(width: 20)
    #expect(lines == ["  SELECT aaaa, bbbb,", "    'c c c c c c c c c c',", "    dddd FROM t"])
  }

  @Test func `backslashes and quotes come out of the Swift literal as they went in`() throws {
    let one = try Fixtures.swift(
      Fixtures.query("GiftCard_Touch", ":exec", #"DELETE FROM "x" WHERE a ~ '\d'"#)
    )
    #expect(one.contains(#"static let sql = "DELETE FROM \"x\" WHERE a ~ '\\d'""#))
    let many = try Fixtures.swift(
      Fixtures.query(
        "GiftCard_Touch",
        ":exec",
        "DELETE FROM \"x\"\nWHERE a ~ '\\d' AND b = '\"\"\"'"
      )
    )
    #expect(
      many.contains(
        "      DELETE FROM \"x\"\n      WHERE a ~ '\\\\d' AND b = '\\\"\\\"\\\"'\n      \"\"\"\n"
      )
    )
  }

  @Test func `no generated line is longer than the style allows`() throws {
    let names = (1...40).map { "a_rather_long_column_name_\($0)" }
    let files = try Fixtures.generate([
      Fixtures.query(
        "GiftCard_Select",
        ":many",
        "SELECT \(names.joined(separator: ", ")) FROM t",
        columns: names.map { Fixtures.column($0, "text", table: "shop.t") }
      )
    ])
    for text in files.values {
      for line in text.split(separator: "\n") { #expect(line.count <= StatementWriter.width) }
    }
  }
}
