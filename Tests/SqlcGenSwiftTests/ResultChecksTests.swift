import Testing

@testable import sqlc_gen_swift

/// `value`, `id` and `body` are NOT NULL columns of the fixtures' schema; `expires_at` and
/// `card_id` can be NULL.
@Suite struct ResultChecksTests {
  private func refusal(
    _ expression: String,
    _ type: String,
    from: String = "shop.gift_cards",
    comments: [String] = [],
    table: String? = nil
  ) throws -> String? {
    try Fixtures.refusal(
      Fixtures.query(
        "GiftCard_Select",
        ":many",
        "SELECT DISTINCT ON (a, b) id, \(expression) AS thing FROM \(from)",
        comments: comments,
        columns: [
          Fixtures.column("id", "uuid"),
          Fixtures.column("thing", type, table: table, originalName: ""),
        ],
        parameters: [
          Fixtures.column("maybe", "text", notNull: false, table: nil),
          Fixtures.column("sure", "text", table: nil),
        ]
      )
    )
  }

  @Test(arguments: [
    "max(value)::bigint", "sum(value) FILTER (WHERE true)::bigint",
    "(SELECT value FROM shop.gift_cards LIMIT 1)::bigint",
    "nullif(value, 0)::bigint",
    "lag(value) OVER (ORDER BY id)::bigint", "CASE WHEN true THEN 1 END::bigint",
    "(value + NULL)::bigint",
    "coalesce(max(value), min(value))::bigint",
    "extract(epoch FROM expires_at)::bigint", "expires_at::bigint", "$1::bigint",
    "(doc->>'a')::bigint", "CAST(sum(value) AS bigint)",
  ]) func `an expression that can be NULL must say so`(expression: String) throws {
    #expect(
      try refusal(expression, "pg_catalog.int8")?.contains("say whether it can be NULL") == true
    )
    #expect(try refusal(expression, "pg_catalog.int8", comments: ["nullable: thing"]) == nil)
    #expect(try refusal(expression, "pg_catalog.int8", comments: ["not null: thing"]) == nil)
  }

  @Test(arguments: [
    "count(*)", "count(*) OVER ()", "count(*) FILTER (WHERE expires_at IS NULL)",
    "row_number() OVER (ORDER BY expires_at)",
    "coalesce(sum(value), 0)::bigint", "(value + 1)::bigint", "1::bigint", "$2::bigint",
    "CASE WHEN true THEN 1 ELSE 2 END::bigint",
  ]) func `an expression that can't be NULL need not`(expression: String) throws {
    #expect(try refusal(expression, "bigint") == nil)
  }

  @Test(arguments: [
    "EXISTS (SELECT 1 FROM shop.notes)", "NOT EXISTS (SELECT 1 FROM shop.notes)", "(xmax = 0)",
    "(expires_at IS NULL)::boolean",
  ])
  func `tests are never NULL`(expression: String) throws {
    #expect((try refusal(expression, "bool") == nil) == !expression.hasPrefix("(expires_at"))
  }

  @Test(arguments: [
    "value + 1", "length(body)", "greatest(1, 2)", "value + 1::bigint", "a AND b::bigint",
  ])
  func `the guessed type of an expression is not believed`(expression: String) throws {
    #expect(
      try refusal(expression, "bigint")?.contains("sqlc guesses the types of expressions: cast it")
        == true
    )
  }

  @Test func `after an outer join, expressions over any column can be NULL`() throws {
    let join = "shop.gift_cards g LEFT JOIN shop.notes n ON true"
    #expect(
      try refusal("lower(n.body)", "text", from: join)?.contains("say whether it can be NULL")
        == true
    )
    #expect(try refusal("lower(n.body)", "text") == nil)
  }

  @Test func `columns of an outer-joined subquery can be NULL whatever sqlc says`() throws {
    let join =
      "shop.notes n LEFT JOIN LATERAL (SELECT g.value FROM shop.gift_cards g LIMIT 1) AS x ON true"
    #expect(
      try refusal("x.value", "pg_catalog.int8", from: join, table: "shop.gift_cards")?.contains(
        "say whether"
      ) == true
    )
    #expect(try refusal("n.body", "text", from: join, table: "shop.notes") == nil)
  }

  @Test func `a total of a subquery can be NULL`() throws {
    #expect(
      try refusal(
        "s.total",
        "pg_catalog.int8",
        from: "(SELECT sum(value)::bigint AS total FROM t) s"
      )?.contains("say whether") == true
    )
    #expect(
      try refusal("s.total", "pg_catalog.int8", from: "(SELECT value AS total FROM t) s") == nil
    )
  }

  @Test func `of a UNION sqlc looks at the first branch only`() throws {
    let text = "SELECT id FROM shop.notes UNION ALL SELECT card_id FROM shop.notes"
    let refusal = try Fixtures.refusal(
      Fixtures.query(
        "Note_Select",
        ":many",
        text,
        columns: [Fixtures.column("id", "uuid", table: "shop.notes")]
      )
    )
    #expect(refusal?.contains("say whether") == true)
  }

  @Test func `items are those of the outermost list`() {
    func items(_ sql: String) -> [String] {
      ResultExpression.list(of: SQLText(sql).tokens).map {
        $0.tokens.map(\.text).joined(separator: " ")
      }
    }
    #expect(
      items("WITH a AS (SELECT 1, 2) SELECT b.c, f(d, e) AS g, 'x, y' h FROM a, b") == [
        "B . C", "F ( D , E )", "'x, y'",
      ]
    )
    #expect(
      items("INSERT INTO t (a) SELECT b FROM c RETURNING id, (xmax = 0) AS new") == [
        "ID", "( XMAX = 0 )",
      ]
    )
    #expect(items("SELECT DISTINCT a, b FROM t") == ["A", "B"])
    #expect(items("DELETE FROM t").isEmpty)
  }
}
