import Testing

@testable import sqlc_gen_swift

@Suite struct RefusalTests {
  private func refusal(
    _ command: String = ":many",
    name: String = "GiftCard_Select",
    text: String = "SELECT id FROM shop.gift_cards",
    comments: [String] = [],
    columns: [[String: Any]] = [Fixtures.column("id", "uuid")],
    parameters: [[String: Any]] = []
  ) throws -> String? {
    try Fixtures.refusal(
      Fixtures.query(
        name,
        command,
        text,
        comments: comments,
        columns: columns,
        parameters: parameters
      )
    )
  }

  @Test func `the statement that all of these vary is taken`() throws {
    #expect(try refusal() == nil)
  }

  @Test(arguments: [":copyfrom", ":batchexec", ":execresult", ":execlastid"])
  func `other commands are refused`(command: String) throws {
    #expect(try refusal(command)?.contains("\(command) is not supported") == true)
  }

  @Test func `sqlc_embed is refused`() throws {
    var column = Fixtures.column("gift_cards", "", notNull: false, table: nil)
    column["embed_table"] = ["catalog": "", "schema": "shop", "name": "gift_cards"]
    #expect(try refusal(columns: [column])?.contains("sqlc.embed is not supported") == true)
  }

  @Test func `sqlc_slice is refused`() throws {
    var parameter = Fixtures.column("ids", "uuid", table: nil)
    parameter["is_sqlc_slice"] = true
    #expect(try refusal(parameters: [parameter])?.contains("= ANY(@ids::uuid[])") == true)
  }

  @Test func `two columns or parameters of one name are refused`() throws {
    let twice = [Fixtures.column("id", "uuid"), Fixtures.column("id", "uuid", table: "shop.notes")]
    #expect(try refusal(columns: twice)?.contains("column 2 `id`: there is already a `id`") == true)
    let alike = [Fixtures.column("card_key", "uuid"), Fixtures.column("cardKey", "uuid")]
    #expect(
      try refusal(parameters: alike)?.contains(
        "parameter $2 `cardKey`: there is already a `cardKey`"
      )
        == true
    )
  }

  @Test(arguments: ["", "?column?"]) func `a column without a name is refused`(name: String) throws
  {
    #expect(
      try refusal(columns: [Fixtures.column(name, "uuid", table: nil)])?.contains(
        "give it a name with AS"
      ) == true
    )
  }

  @Test func `a name that is no Swift name is refused`() throws {
    for name in ["GiftCard_select", "giftCard_Select", "SelectGiftCard", "GiftCard_Select_All"] {
      #expect(try refusal(name: name)?.contains("`GiftCard_Lock` becomes `GiftCard.Lock`") == true)
    }
    #expect(
      try refusal(columns: [Fixtures.column("1st", "uuid")])?.contains(
        "can't be the name of a Swift property"
      ) == true
    )
  }

  @Test func `a query that returns nothing can't be asked for rows`() throws {
    #expect(try refusal(columns: [])?.contains("it returns no columns") == true)
  }

  @Test func `annotations that contradict the statement are refused`() throws {
    #expect(
      try refusal(comments: ["context: elsewhere"])?.contains("`context: elsewhere` is neither")
        == true
    )
    #expect(try refusal(comments: ["nullable: idd"])?.contains("names `idd`") == true)
    #expect(
      try refusal(comments: ["row: giftCard"])?.contains("does not name a Swift type") == true
    )
    #expect(
      try refusal(":exec", comments: ["row: GiftCard"])?.contains("`row:` is for :one and :many")
        == true
    )
    #expect(try refusal(comments: ["always one"])?.contains("`always one` is for :one") == true)
    #expect(
      try refusal(text: "SELECT id FROM shop.gift_cards FOR UPDATE", comments: ["pipelined"])?
        .contains("can't be pipelined") == true
    )
  }

  @Test func `every refused statement is named, not only the first`() throws {
    let queries = ["GiftCard_One", "GiftCard_Two"].map {
      Fixtures.query($0, ":copyfrom", "INSERT INTO x VALUES (1)")
    }
    let error = #expect(throws: GeneratorError.self) { try Fixtures.generate(queries) }
    #expect(error?.description.split(separator: "\n").count == 2)
  }
}
