import Testing

@testable import sqlc_gen_swift

/// `shop.gift_cards` has `id`, `value` and `expires_at`, `shop.notes` has `body` and `card_id`.
@Suite struct ParameterTypesTests {
  /// The Swift type of the first parameter, whose column sqlc does not name; nil if it is refused.
  private func type(
    _ text: String,
    _ sql: String = "uuid",
    array: Int = 0,
    name: String = "given",
    notNull: Bool = true,
    types: [String: String] = [
      "shop.gift_cards.id": "GiftCard.ID", "shop.notes.card_id": "GiftCard.ID",
      "shop.notes.body": "Note.Text",
    ]
  ) throws -> String? {
    let query = Fixtures.query(
      "GiftCard_Touch",
      ":exec",
      text,
      parameters: [Fixtures.column(name, sql, notNull: notNull, array: array, table: nil)]
    )
    let swift = try Fixtures.swift(query, options: ["module": "Shop", "types": types])
    let start = "    let \(name): "
    return swift.split(separator: "\n").first { $0.hasPrefix(start) }.map {
      String($0.dropFirst(start.count))
    }
  }

  @Test(arguments: [
    "DELETE FROM shop.gift_cards WHERE id < $1::uuid",
    "DELETE FROM shop.gift_cards WHERE ($1::uuid IS NULL OR id < $1::uuid) AND value > 1",
    "DELETE FROM shop.gift_cards c WHERE c.id <> $1::uuid",
    "DELETE FROM shop.gift_cards AS c WHERE $1::uuid >= c.id",
    "DELETE FROM shop.gift_cards WHERE (value, id) > ($2::bigint, $1::uuid)",
    "UPDATE shop.gift_cards SET id = $1::uuid, value = 1 WHERE value = 2",
    "INSERT INTO shop.gift_cards (value, id) VALUES (1, $1::uuid)",
    "INSERT INTO shop.gift_cards AS c (value, id) SELECT 1, $1::uuid",
    "INSERT INTO shop.notes (body, card_id) SELECT 'x', $1::uuid AS card ON CONFLICT DO NOTHING",
    "SELECT g.id FROM shop.notes n JOIN shop.gift_cards g ON g.id = $1::uuid",
  ]) func `a parameter with a cast has the type of the column that it meets`(text: String) throws {
    #expect(try type(text) == "GiftCard.ID")
    #expect(try type(text, notNull: false) == "GiftCard.ID?")
  }

  @Test(arguments: [
    "DELETE FROM shop.gift_cards WHERE id = ANY($1::uuid[])",
    "DELETE FROM shop.gift_cards WHERE id <> ALL($1::uuid[])",
    "INSERT INTO shop.gift_cards (value, id) SELECT 1, unnest($1::uuid[])",
    "INSERT INTO shop.gift_cards (value, id) SELECT 1, ($1::uuid[])[n] FROM generate_series(1, 2) AS n",
    "INSERT INTO shop.gift_cards (value, id) SELECT 1, made.key FROM (SELECT unnest($1::uuid[]) AS key) AS made",
    "UPDATE shop.gift_cards g SET value = 1 FROM (SELECT unnest($1::uuid[]) AS key) AS made WHERE g.id = made.key",
    "UPDATE shop.gift_cards SET id = made.key FROM (SELECT unnest($1::uuid[]) AS key) AS made",
  ]) func `an array has the type of the column that its elements meet`(text: String) throws {
    #expect(try type(text, array: 1) == "[GiftCard.ID]")
  }

  @Test(arguments: [
    "DELETE FROM shop.gift_cards WHERE value + id < $1::uuid",
    "DELETE FROM shop.gift_cards WHERE id < $1::uuid + 1",
    "DELETE FROM shop.gift_cards WHERE (id IS NULL) = $1::uuid",
    "DELETE FROM shop.gift_cards WHERE lower(id) = $1::uuid",
    "DELETE FROM shop.gift_cards WHERE other.id = $1::uuid",
    "SELECT 1 FROM shop.gift_cards LIMIT $1::uuid",
    "SELECT 'id = ' || $1::uuid FROM shop.gift_cards",
    "INSERT INTO shop.gift_cards (value, id) SELECT $1::uuid, 1",
    "INSERT INTO shop.gift_cards SELECT lower(1, $1::uuid)",
  ]) func `what is computed, or meets no column, keeps its own type`(text: String) throws {
    #expect(try type(text) == "UUID")
  }

  @Test func `a name that columns of different types have tells nothing`() throws {
    let text = "SELECT 1 FROM shop.gift_cards, shop.notes WHERE card_id = $1::uuid"
    #expect(try type(text) == "GiftCard.ID")
    let other = "SELECT 1 FROM shop.gift_cards a, shop.gift_cards b WHERE id = $1::uuid"
    #expect(try type(other) == "GiftCard.ID")
    #expect(try type("DELETE FROM shop.gift_cards WHERE id = $1::text", "text") == "String")
  }

  @Test func `a parameter that meets columns of two types is refused`() throws {
    let query = Fixtures.query(
      "GiftCard_Touch",
      ":exec",
      "DELETE FROM shop.notes WHERE card_id = $1::uuid OR id = $1::uuid OR shop.gift_cards.id = $1::uuid",
      parameters: [Fixtures.column("given", "uuid", table: nil)]
    )
    let options: [String: Any] = [
      "module": "Shop",
      "types": ["shop.gift_cards.id": "GiftCard.ID", "shop.notes.card_id": "Note.ID"],
    ]
    #expect(
      try Fixtures.refusal(query, options: options)?.contains(
        "parameter $1 `given`: it meets columns of GiftCard.ID and Note.ID"
      ) == true
    )
  }

  @Test func `an entry for the parameter wins, and one for all of its name does not`() throws {
    let text = "DELETE FROM shop.gift_cards WHERE id = $1::uuid"
    #expect(
      try type(
        text,
        types: ["shop.gift_cards.id": "GiftCard.ID", "GiftCard_Touch.given": "Other.ID"]
      ) == "Other.ID"
    )
    #expect(
      try type(text, types: ["shop.gift_cards.id": "GiftCard.ID", "*.given": "Other.ID"])
        == "GiftCard.ID"
    )
    #expect(try type(text, types: ["*.id": "Star.ID", "*.given": "Other.ID"]) == "Star.ID")
    #expect(try type(text, types: ["*.given": "Other.ID"]) == "Other.ID")
  }
}
