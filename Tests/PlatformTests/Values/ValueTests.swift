import FieldViolations
import FoundationEssentials
import Platform
import Testing
import WorldKit

@Suite struct IdentifierTests {
  private enum Thing {}

  /// Gives the same bits each time.
  private struct Constant: RandomNumberGenerator {
    var value: UInt64
    mutating func next() -> UInt64 { value }
  }

  @Test
  func `ids of later microseconds sort after those of earlier ones, whatever the random part`() {
    var high = Constant(value: .max)
    var low = Constant(value: 0)
    var earlier = UUID.version7(at: World.noon, using: &high).uuidString
    for step in 1...2_500 {
      let later = UUID.version7(at: World.noon + .microseconds(Int64(step)), using: &low).uuidString
      // The random part may reverse neighbours of one microsecond only, and those are a step apart
      // here.
      #expect(earlier.prefix(18) < later.prefix(18))
      earlier = UUID.version7(at: World.noon + .microseconds(Int64(step)), using: &high).uuidString
    }
  }

  @Test func `an id has the version, the variant and the milliseconds of its making`() {
    for value in [UInt64.min, .max] {
      var generator = Constant(value: value)
      let bytes = withUnsafeBytes(
        of: UUID.version7(at: World.noon + .milliseconds(7), using: &generator).uuid
      ) { Array($0) }
      #expect(bytes[6] >> 4 == 7)
      #expect(bytes[8] >> 6 == 0b10)
      #expect(
        bytes[..<6].reduce(Int64(0)) { $0 << 8 | Int64($1) } == World.noon.microseconds / 1_000 + 7
      )
    }
  }

  @Test func `a time before 1970 still makes an id`() {
    var generator = Constant(value: 0)
    let id = UUID.version7(at: Instant(microseconds: -1), using: &generator)
    #expect(id.uuidString == "00000000-0000-7000-8000-000000000000")
  }

  @Test func `random UUIDs have version 4 and the variant`() {
    let source = IdentifierSource(uuid: { UUID() }, bytes: { [UInt8](repeating: 0xFF, count: $0) })
    #expect(source.randomUUID().uuidString == "FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF")
  }

  @Test func `an id is written in lower case, in JSON too, and read back`() throws {
    let id = Identifier<Thing>(UUID())
    #expect(id.description == id.uuid.uuidString.lowercased())
    #expect(Identifier<Thing>(id.description) == id)
    #expect(String(decoding: try JSON.encode([id]), as: UTF8.self) == #"["\#(id)"]"#)
    #expect(try JSON.decode([Identifier<Thing>].self, from: JSON.encode([id])) == [id])
  }

  @Test(arguments: [
    "", "x", "00000000-0000-7000-8000-00000000000", "00000000-0000-7000-8000-0000000000000",
  ])
  func `what is no UUID is no id`(text: String) {
    #expect(Identifier<Thing>(text) == nil)
  }
}

@Suite struct InstantTests {
  @Test(arguments: [
    (0, 0), (1, 0), (999_999, 0), (1_000_000, 1), (-1, -1), (-999_999, -1), (-1_000_000, -1),
    (-1_000_001, -2),
  ])
  func `seconds are rounded down, below zero too`(microseconds: Int64, seconds: Int64) {
    #expect(Instant(microseconds: microseconds).seconds == seconds)
  }

  @Test func `durations are added and taken`() {
    let instant = Instant(seconds: 10)
    #expect(instant + .milliseconds(1) == Instant(microseconds: 10_001_000))
    #expect(instant - .seconds(11) == Instant(seconds: -1))
    #expect(instant - Instant(seconds: 12) == .seconds(-2))
    #expect(instant - .microseconds(1) < instant)
  }

  @Test func `it is one number in JSON`() throws {
    #expect(String(decoding: try JSON.encode([Instant(microseconds: -5)]), as: UTF8.self) == "[-5]")
  }
}

@Suite struct MoneyTests {
  private func eur(_ units: Int64) -> Money { Money(minorUnits: units, .eur) }

  @Test func `amounts of one currency are added and taken`() throws {
    #expect(try eur(5).adding(eur(7)) == eur(12))
    #expect(try eur(5).subtracting(eur(7)) == eur(-2))
  }

  @Test func `what doesn't fit is an error, not a wrong amount`() {
    #expect(throws: Money.ArithmeticError.overflow) { try eur(.max).adding(eur(1)) }
    #expect(throws: Money.ArithmeticError.overflow) { try eur(.min).subtracting(eur(1)) }
    #expect(throws: Money.ArithmeticError.overflow) { try eur(0).subtracting(eur(.min)) }
  }

  @Test func `currencies don't mix`() {
    #expect(throws: Money.ArithmeticError.differentCurrencies) {
      try eur(1).adding(Money(minorUnits: 1, .usd))
    }
    #expect(throws: Money.ArithmeticError.differentCurrencies) {
      try eur(1).subtracting(Money(minorUnits: 1, .usd))
    }
  }

  @Test func `only more than nothing is positive`() {
    #expect(eur(1).isPositive)
    #expect(!eur(0).isPositive)
    #expect(!eur(-1).isPositive)
  }

  @Test func `three upper-case letters are a currency, in JSON too`() throws {
    let yen = try Currency("JPY")
    #expect(try JSON.decode([Currency].self, from: JSON.encode([yen])) == [yen])
    #expect(throws: (any Error).self) {
      try JSON.decode([Currency].self, from: Array(#"["jpy"]"#.utf8))
    }
  }

  @Test(arguments: ["", "EU", "EURO", "eur", "EU1", "ÄÖÜ", "EU ", "Ä"])
  func `everything else names its field`(code: String) {
    let error = #expect(throws: Currency.CodeError.malformedCode) { try Currency(code) }
    #expect(error?.violations.map(\.field) == ["currency_code"])
    #expect(error?.reason == "MALFORMED_CURRENCY_CODE")
  }
}

@Suite struct PageTests {
  @Test func `a page's token leads to the row after its last`() throws {
    let request = try PageRequest(size: 2)
    let page = try Page([10, 20, 30], request) { $0 }
    #expect(page.items == [10, 20])
    #expect(try PageRequest(size: 2, token: page.nextToken).cursor(Int.self) == 20)
  }

  @Test func `the last page has no token`() throws {
    #expect(try Page([10, 20], PageRequest(size: 2)) { $0 }.nextToken == "")
    #expect(try Page([Int](), PageRequest(size: 2)) { $0 }.nextToken == "")
  }

  @Test func `no token is the first page`() throws {
    #expect(try PageRequest().cursor(Int.self) == nil)
  }

  @Test(arguments: [
    "?", "abc", "x", "bnVsbA=x", [UInt8](#"{"a":1}"#.utf8).base64URL,
    [UInt8](#""text""#.utf8).base64URL,
  ])
  func `another list's token, or none at all, names its field`(token: String) throws {
    let request = try PageRequest(token: token)
    let error = #expect(throws: PageRequest.PageError.malformedToken) {
      try request.cursor(Int.self)
    }
    #expect(error?.violations.map(\.field) == ["page_token"])
  }

  @Test func `sizes have a usual value and a largest one`() throws {
    #expect(try PageRequest(size: 0).size == PageRequest.usualSize)
    #expect(try PageRequest(size: 201).size == PageRequest.largestSize)
    #expect(try PageRequest(size: 1).size == 1)
    #expect(throws: PageRequest.PageError.negativeSize) { try PageRequest(size: -1) }
  }
}

@Suite struct ByteEncodingTests {
  @Test func `base64url is that of RFC 4648, without padding`() {
    #expect([UInt8]("foobar".utf8).base64URL == "Zm9vYmFy")
    #expect([UInt8]("foob".utf8).base64URL == "Zm9vYg")
    #expect([0xFB, 0xFF, 0xBF].base64URL == "-_-_")
  }

  @Test func `every length comes back, with padding or without`() {
    for count in 0...33 {
      let bytes = (0..<count).map { UInt8($0 &* 77 & 0xFF) }
      #expect([UInt8](base64URL: bytes.base64URL) == bytes)
    }
    #expect([UInt8](base64URL: "Zm9vYg==") == [UInt8]("foob".utf8))
  }

  @Test(arguments: ["Zm9v!", "Z", "Zm9 v"])
  func `what is no base64url is nothing`(text: String) {
    #expect([UInt8](base64URL: text) == nil)
  }

  @Test func `hexadecimal has two digits a byte`() {
    #expect([0x00, 0x0A, 0xFF].hexadecimal == "000aff")
  }
}

@Suite struct TraceContextTests {
  private static let trace = "0af7651916cd43dd8448eb211c80319c"
  private static let span = "b7ad6b7169203331"

  @Test func `a header is read and written back`() throws {
    let header = "00-\(Self.trace)-\(Self.span)-01"
    let context = try #require(TraceContext(traceparent: header))
    #expect(context.traceID == Self.trace)
    #expect(context.spanID == Self.span)
    #expect(context.isSampled)
    #expect(context.traceparent == header)
    #expect(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-02")?.isSampled == false)
  }

  @Test func `a newer version may have more fields`() {
    #expect(
      TraceContext(traceparent: "01-\(Self.trace)-\(Self.span)-01-more")?.traceID == Self.trace
    )
  }

  @Test(
    arguments: [
      "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-01-more", "ff-\(trace)-\(span)-01",
      "0-\(trace)-\(span)-01",
      "00-\(trace.uppercased())-\(span)-01", "00-\(trace)0-\(span)-01",
      "00-\(trace.dropLast())-\(span)-01", "00-\(trace)-\(span)0-01",
      "00-\(String(repeating: "0", count: 32))-\(span)-01", "00-\(trace)-0000000000000000-01",
      "00-\(trace)-\(span)-1",
      "00-\(trace)-\(span)-001", "00-\(trace)-\(span)-0g", "00-\(trace)-\(span)-",
      "g0-\(trace)-\(span)-01",
    ])
  func `a malformed header is no trace`(header: String) {
    #expect(TraceContext(traceparent: header) == nil)
  }

  @Test func `a new trace is a valid one`() {
    var generator = SystemRandomNumberGenerator()
    let context = TraceContext(using: &generator)
    #expect(TraceContext(traceparent: context.traceparent) == context)
  }
}

@Suite struct DomainErrorTests {
  private enum Sample: String, DomainError {
    case alreadyRedeemed
    var kind: FailureKind { .failedPrecondition }
  }

  @Test func `a case's name is its reason and its message`() {
    #expect(Sample.alreadyRedeemed.reason == "ALREADY_REDEEMED")
    #expect(Sample.alreadyRedeemed.message == "already redeemed")
    #expect(NotFound("nodeServer").reason == "NODE_SERVER_NOT_FOUND")
  }

  @Test func `wrong input says every field in its message`() {
    let error = InvalidInput([
      .init("a", "is odd"), .init("b", "is long"),
    ])
    #expect(error.message == "a: is odd; b: is long")
  }
}
