import FoundationEssentials
import Testing

@testable import Postgres

/// Every type goes to the server and back, and the server prints what it understood.
@Suite struct CodecTests {
  private func roundTrip<T: PostgresCodable & Equatable>(
    _ client: PostgresClient,
    _ values: [(T, String)],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for (value, printed) in values {
      let rows = try await client.query(PostgresQuery("SELECT $1, $1::text", value))
      let row = try #require(rows.first)
      #expect(try row.decode(0, as: T.self) == value, sourceLocation: sourceLocation)
      #expect(try row.decode(1, as: String.self) == printed, sourceLocation: sourceLocation)
    }
  }

  @Test func `numbers and truth values`() async throws {
    try await withClient { client in
      try await roundTrip(client, [(true, "true"), (false, "false")])
      try await roundTrip(client, [(Int16.min, "-32768"), (.max, "32767"), (0, "0")])
      try await roundTrip(client, [(Int32.min, "-2147483648"), (.max, "2147483647")])
      try await roundTrip(
        client,
        [(Int64.min, "-9223372036854775808"), (.max, "9223372036854775807")]
      )
      try await roundTrip(client, [(Int.min, "-9223372036854775808"), (-1, "-1")])
      try await roundTrip(
        client,
        [
          (Double.infinity, "Infinity"), (-0.1, "-0.1"),
          (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
        ]
      )
      try await roundTrip(client, [(Float.leastNormalMagnitude, "1.1754944e-38"), (1.5, "1.5")])
      #expect(try await client.value(PostgresQuery("SELECT 'NaN'::float8"), as: Double.self).isNaN)
    }
  }

  @Test func `text and bytes`() async throws {
    try await withClient { client in
      try await roundTrip(
        client,
        ["", "grüße 🦊\n\"'", String(repeating: "x", count: 1 << 20)].map { ($0, $0) }
      )
      try await roundTrip(client, [([UInt8](), "\\x"), ([0, 255, 39], "\\x00ff27")])
      let large = [UInt8](repeating: 0xAB, count: 8 << 20)
      #expect(try await client.value(PostgresQuery("SELECT $1", large), as: [UInt8].self) == large)
    }
  }

  @Test func `identifiers, documents and addresses`() async throws {
    try await withClient { client in
      let id = try #require(UUID(uuidString: "01890A5D-AC96-774B-BCCE-B302099A8057"))
      try await roundTrip(client, [(id, "01890a5d-ac96-774b-bcce-b302099a8057")])
      try await roundTrip(
        client,
        [(PostgresJSON(bytes: Array(#"{"a": [1, null]}"#.utf8)), #"{"a": [1, null]}"#)]
      )
      #expect(
        try await client.value(PostgresQuery("SELECT '{ }'::json"), as: PostgresJSON.self).bytes
          == Array("{ }".utf8)
      )
      let v4 = try #require(PostgresInet(address: [10, 0, 0, 1], prefix: 8))
      let v6 = try #require(
        PostgresInet(address: [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [1])
      )
      try await roundTrip(client, [(v4, "10.0.0.1/8"), (v6, "2001:db8::1/128")])
    }
  }

  @Test func `instants, days and intervals`() async throws {
    try await withClient { client in
      try await roundTrip(
        client,
        [
          (PostgresTimestamp(microseconds: 0), "1970-01-01 00:00:00+00"),
          (PostgresTimestamp(microseconds: -1), "1969-12-31 23:59:59.999999+00"),
          (PostgresTimestamp(microseconds: 1_700_000_000_123_456), "2023-11-14 22:13:20.123456+00"),
          (.infinity, "infinity"),
          (.negativeInfinity, "-infinity"),
        ]
      )
      try await roundTrip(
        client,
        [
          (PostgresDate(days: 0), "1970-01-01"), (PostgresDate(days: -1), "1969-12-31"),
          (PostgresDate(days: .max), "infinity"),
        ]
      )
      try await roundTrip(
        client,
        [
          (
            PostgresInterval(months: 14, days: -3, microseconds: 1_500_000),
            "1 year 2 mons -3 days +00:00:01.5"
          )
        ]
      )
      // The server's range reaches further than 64-bit microseconds since 1970.
      await #expect(throws: PostgresDecodingError.self) {
        try await client.value(
          PostgresQuery("SELECT '294276-12-31 23:59:59Z'::timestamptz"),
          as: PostgresTimestamp.self
        )
      }
    }
  }

  @Test(arguments: [
    "0", "0.00", "1", "-1", "10000", "9999", "0.0001", "0.00001", "-0.5",
    "12345678901234567890.123456789", "100000000", "1.10", "NaN",
    "Infinity",
    "-Infinity", "0.1000", "40000.00004",
  ]) func `decimal numbers keep every digit`(_ text: String) async throws {
    try await withClient { client in
      try await roundTrip(client, [(try #require(PostgresNumeric(text)), text)])
    }
  }

  @Test func `text that is no decimal number is refused`() {
    for text in ["", "-", ".", "1.", ".5", "1e3", "0x1", "1,5", " 1", "--1"] {
      #expect(PostgresNumeric(text) == nil, "\(text)")
    }
    #expect(PostgresNumeric("-0.0")?.description == "0.0")
    #expect(PostgresNumeric("+007")?.description == "7")
  }

  @Test func `arrays, also empty and with NULL`() async throws {
    try await withClient { client in
      try await roundTrip(client, [([1, -2, 3], "{1,-2,3}"), ([Int](), "{}")])
      try await roundTrip(client, [(["a", "", "b,\"c"], #"{a,"","b,\"c"}"#)])
      try await roundTrip(client, [([true, nil, false] as [Bool?], "{t,NULL,f}")])
      try await roundTrip(client, [([nil, "NULL"] as [String?], #"{NULL,"NULL"}"#)])
      try await roundTrip(
        client,
        [([PostgresTimestamp(microseconds: 0)], #"{"1970-01-01 00:00:00+00"}"#)]
      )
      let id = UUID()
      #expect(try await client.value(PostgresQuery("SELECT $1", [id]), as: [UUID].self) == [id])
      await #expect(throws: PostgresDecodingError.unexpectedNull) {
        try await client.value(PostgresQuery("SELECT ARRAY[1, NULL]"), as: [Int].self)
      }
      await #expect(throws: PostgresDecodingError.self) {
        try await client.value(PostgresQuery("SELECT ARRAY[[1], [2]]"), as: [Int].self)
      }
    }
  }

  @Test func `NULL is nil for what may be absent and an error for what may not`() async throws {
    try await withClient { client in
      #expect(try await client.value(PostgresQuery("SELECT NULL::text"), as: String?.self) == nil)
      let absent: Int? = try await client.value(PostgresQuery("SELECT NULL::int8"))
      #expect(absent == nil)
      await #expect(throws: PostgresDecodingError.unexpectedNull) {
        try await client.value(PostgresQuery("SELECT NULL::int8"), as: Int.self)
      }
      var bindings = PostgresBindings()
      bindings.append(UUID?.none)
      bindings.append(String?.some(""))
      let row = try #require(
        try await client.query(PostgresQuery("SELECT $1 IS NULL, $2 = ''", bindings)).first
      )
      #expect(try row.decode(0, as: Bool.self))
      #expect(try row.decode(1, as: Bool.self))
    }
  }

  @Test func `a column of another type, out of range or missing is an error`() async throws {
    try await withClient { client in
      await #expect(throws: PostgresDecodingError.typeMismatch(column: .text, swift: "Int")) {
        try await client.value(PostgresQuery("SELECT 'x'"), as: Int.self)
      }
      await #expect(throws: PostgresDecodingError.self) {
        try await client.value(PostgresQuery("SELECT 70000"), as: Int16.self)
      }
      let row = try #require(try await client.query(PostgresQuery("SELECT 1 AS one")).first)
      #expect(throws: PostgresDecodingError.noSuchColumn(1)) { try row.decode(1, as: Int.self) }
      #expect(row.columnName(0) == "one")
    }
  }

  private enum Colour: String, PostgresCodable, CaseIterable { case red, green }

  @Test func `enumerations of Swift and of the database`() async throws {
    try await withClient { client in
      try await roundTrip(client, [(Colour.green, "green")])
      _ = try await client.query(PostgresQuery("CREATE TYPE colour AS ENUM ('red', 'green')"))
      #expect(
        try await client.value(PostgresQuery("SELECT $1::text::colour", "red"), as: Colour.self)
          == .red
      )
      await #expect(throws: PostgresDecodingError.self) {
        try await client.value(PostgresQuery("SELECT 'blue'"), as: Colour.self)
      }
    }
  }

  @Test(arguments: [0, 1, 7, 11, 12, 19, 23]) func `an array that ends early is an error`(
    _ length: Int
  ) {
    var bytes: [UInt8] = []
    [1, 2].encode(into: &bytes)
    bytes.prefix(length).withUnsafeBytes { part in
      _ = #expect(throws: PostgresDecodingError.self) {
        try [Int](postgres: part, type: PostgresType(rawValue: 1016))
      }
    }
  }
}
