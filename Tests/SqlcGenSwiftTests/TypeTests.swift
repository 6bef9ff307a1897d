import Testing

@testable import sqlc_gen_swift

@Suite struct TypeTests {
  private func swift(_ column: [String: Any], types: [String: String] = [:]) throws -> String {
    try Fixtures.swift(
      Fixtures.query(
        "GiftCard_Select",
        ":many",
        "SELECT thing FROM shop.gift_cards",
        columns: [column]
      ),
      options: ["module": "Shop", "types": types]
    )
  }

  @Test(arguments: [
    ("uuid", "UUID"), ("timestamptz", "Instant"), ("timestamp with time zone", "Instant"),
    ("bytea", "[UInt8]"),
    ("pg_catalog.int2", "Int16"), ("pg_catalog.int4", "Int32"), ("integer", "Int32"),
    ("pg_catalog.int8", "Int64"), ("bigint", "Int64"),
    ("text", "String"), ("pg_catalog.varchar", "String"), ("bool", "Bool"),
    ("pg_catalog.bool", "Bool"), ("pg_catalog.float8", "Double"),
    ("double precision", "Double"), ("jsonb", "PostgresJSON"),
  ]) func `each type of PostgreSQL has one of Swift, optional where it can be NULL`(
    sql: String,
    swift type: String
  ) throws {
    #expect(try swift(Fixtures.column("thing", sql)).contains("typealias Output = [\(type)]\n"))
    #expect(
      try swift(Fixtures.column("thing", sql, notNull: false)).contains(
        "typealias Output = [\(type)?]\n"
      )
    )
    if type != "[UInt8]" {
      #expect(
        try swift(Fixtures.column("thing", sql, array: 1)).contains(
          "typealias Output = [[\(type)]]\n"
        )
      )
    }
  }

  @Test func `the schema of a type is found where sqlc puts it for parameters`() throws {
    let query = Fixtures.query(
      "GiftCard_Touch",
      ":exec",
      "DELETE FROM x WHERE a = $1",
      parameters: [Fixtures.column("version", "text")]
    )
    var parameters = query["params"] as? [[String: Any]] ?? []
    var column = parameters[0]["column"] as? [String: Any] ?? [:]
    column["type"] = ["catalog": "", "schema": "", "name": "pg_catalog.int8"]
    parameters[0]["column"] = column
    #expect(
      try Fixtures.swift(query.merging(["params": parameters]) { $1 }).contains(
        "    let version: Int64\n"
      )
    )
  }

  @Test(arguments: [
    ("pg_catalog.numeric", "numeric has no exact counterpart"),
    ("pg_catalog.timestamp", "use timestamptz"), ("json", "use jsonb"),
    ("date", "date has no Swift type"), ("inet", "inet has no Swift type"),
    ("interval", "interval has no Swift type"),
    ("anyarray", "its type is not known"), ("any", "its type is not known"),
    ("shop.state", "shop.state is a custom type"),
  ]) func `a type that has none is refused with what to do`(sql: String, reason: String) throws {
    let query = Fixtures.query(
      "GiftCard_Select",
      ":many",
      "SELECT thing FROM shop.gift_cards",
      columns: [Fixtures.column("thing", sql)]
    )
    let refusal = try #require(try Fixtures.refusal(query))
    #expect(refusal.hasPrefix("GiftCard.sql: GiftCard_Select: column 1 `thing`: "))
    #expect(refusal.contains(reason))
  }

  @Test func `a type that is named in sqlc_yaml is taken for any column`() throws {
    #expect(
      try swift(Fixtures.column("thing", "shop.state"), types: ["*.thing": "GiftCard.State"])
        .contains("Output = [GiftCard.State]\n")
    )
    #expect(
      try swift(
        Fixtures.column("thing", "pg_catalog.numeric"),
        types: ["*.thing": "PostgresNumeric"]
      ).contains(
        "Output = [PostgresNumeric]\n"
      )
    )
  }

  @Test func `a column of jsonb is the value that its document holds`() throws {
    let columns = [
      Fixtures.column("terms", "jsonb"), Fixtures.column("note", "jsonb", notNull: false),
    ]
    let query = Fixtures.query(
      "GiftCard_Change",
      ":one",
      "UPDATE shop.gift_cards SET terms = $1, note = $2 RETURNING terms, note",
      columns: columns,
      parameters: columns
    )
    let files = try Fixtures.generate(
      [query],
      options: [
        "module": "Shop",
        "types": ["*.terms": "JSON<GiftCard.Terms>", "shop.gift_cards.note": "JSON<[Note]>"],
      ]
    )
    let swift = try #require(files["GiftCard+Queries.swift"])
    #expect(swift.contains("    let terms: GiftCard.Terms\n    let note: [Note]?\n"))
    #expect(swift.contains("bind(to bindings: inout PostgresBindings) throws {\n"))
    #expect(swift.contains("      try bindings.appendJSON(terms)\n"))
    #expect(swift.contains("    terms = try row.decodeJSON(0)\n"))
    #expect(swift.contains("    note = try row.decodeJSONIfPresent(1)\n"))
    #expect(
      files["AllStatements.swift"]?.contains(
        "columns: [(PostgresJSON.postgresType, false), (PostgresJSON.postgresType, true)]"
      ) == true
    )
  }

  @Test func `a single column of JSON is the value too`() throws {
    let swift = try swift(Fixtures.column("thing", "jsonb"), types: ["*.thing": "JSON<Terms>"])
    #expect(swift.contains("typealias Output = [Terms]\n"))
    #expect(swift.contains("try rows.map { try $0.decodeJSON(0) }\n"))
  }

  @Test func `JSON is for columns of jsonb`() throws {
    for column in [Fixtures.column("thing", "text"), Fixtures.column("thing", "jsonb", array: 1)] {
      let query = Fixtures.query("GiftCard_Select", ":many", "SELECT thing", columns: [column])
      #expect(
        try Fixtures.refusal(
          query,
          options: ["module": "Shop", "types": ["*.thing": "JSON<Terms>"]]
        )?.contains("JSON<Terms> is for a column of jsonb") == true
      )
    }
  }

  @Test func `arrays of bytea and of two dimensions are refused`() throws {
    for column in [
      Fixtures.column("thing", "bytea", array: 1), Fixtures.column("thing", "text", array: 2),
    ] {
      let refusal = try Fixtures.refusal(
        Fixtures.query(
          "GiftCard_Select",
          ":many",
          "SELECT thing FROM shop.gift_cards",
          columns: [column]
        )
      )
      #expect(refusal?.contains("not supported") == true)
    }
  }

  @Test func `the most particular entry wins, and a module's beat those for all`() throws {
    let column = GenerateRequest.Column(
      name: "id",
      notNull: true,
      table: .init(schema: "shop", name: "gift_cards")
    )
    var options = Options(
      types: ["*.id": "Star", "shop.gift_cards.id": "Table", "GiftCard_Lock.id": "Statement"],
      commonTypes: ["*.id": "Common", "*.other": "Other"]
    )
    #expect(try options.type(of: column, in: "GiftCard_Lock") == "Statement")
    #expect(try options.type(of: column, in: "Other") == "Table")
    options = Options(types: ["*.id": "Star"], commonTypes: ["shop.gift_cards.id": "Common"])
    #expect(try options.type(of: column, in: "Other") == "Star")
    options = Options(commonTypes: ["shop.gift_cards.id": "Common"])
    #expect(try options.type(of: column, in: "Other") == "Common")
    #expect(try Options().type(of: column, in: "Other") == nil)
  }

  @Test func `an alias or a parameter's name does not hide the column`() throws {
    let column = GenerateRequest.Column(
      name: "card",
      originalName: "id",
      notNull: true,
      table: .init(schema: "shop", name: "gift_cards")
    )
    #expect(
      try Options(types: ["shop.gift_cards.id": "Identifier<GiftCard>"]).type(of: column, in: "X")
        == "Identifier<GiftCard>"
    )
  }

  @Test func `options that are misspelt or lack the module are refused`() throws {
    let query = Fixtures.query("GiftCard_Touch", ":exec", "DELETE FROM x")
    #expect(try Fixtures.refusal(query, options: [:])?.contains("lacks `module:") == true)
    #expect(
      try Fixtures.refusal(query, options: ["module": "Shop", "type": [:] as [String: String]])?
        .contains("unknown key `type`") == true
    )
  }
}
