import NIOCore
import Testing

@testable import Redis

@Suite struct RESPParserTests {
  /// One of everything, with what it means.
  static let samples: [(text: String, value: RESPValue)] = [
    ("+OK\r\n", .simpleString("OK")),
    ("+\r\n", .simpleString("")),
    ("-ERR no such key\r\n", .error(code: "ERR", message: "no such key")),
    ("-NOSCRIPT\r\n", .error(code: "NOSCRIPT", message: "")),
    (":0\r\n", .integer(0)),
    (":-42\r\n", .integer(-42)),
    (":+7\r\n", .integer(7)),
    (":9223372036854775807\r\n", .integer(.max)),
    (":-9223372036854775808\r\n", .integer(.min)),
    ("$0\r\n\r\n", .bulk([])),
    ("$5\r\na\r\nbc\r\n", .bulk(Array("a\r\nbc".utf8))),
    ("$-1\r\n", .null),
    ("*-1\r\n", .null),
    ("_\r\n", .null),
    ("#t\r\n", .boolean(true)),
    ("#f\r\n", .boolean(false)),
    (",1.5\r\n", .double(1.5)),
    (",10\r\n", .double(10)),
    (",inf\r\n", .double(.infinity)),
    (",-inf\r\n", .double(-.infinity)),
    (
      "(3492890328409238509324850943850943825024385\r\n",
      .bigNumber("3492890328409238509324850943850943825024385")
    ),
    ("!8\r\nERR a\r\nb\r\n", .error(code: "ERR", message: "a\r\nb")),
    ("=7\r\ntxt:abc\r\n", .verbatim(format: "txt", Array("abc".utf8))),
    ("*0\r\n", .array([])),
    ("%0\r\n", .map([])),
    ("~0\r\n", .set([])),
    ("*3\r\n:1\r\n$1\r\na\r\n_\r\n", .array([.integer(1), .bulk([0x61]), .null])),
    ("*2\r\n*2\r\n:1\r\n:2\r\n*0\r\n", .array([.array([.integer(1), .integer(2)]), .array([])])),
    (
      "%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n#t\r\n",
      .map([pair("a", .integer(1)), pair("b", .array([.boolean(true)]))])
    ),
    ("~2\r\n+a\r\n+b\r\n", .set([.simpleString("a"), .simpleString("b")])),
    (
      ">3\r\n+message\r\n+c\r\n$2\r\nhi\r\n",
      .push([.simpleString("message"), .simpleString("c"), .bulk(Array("hi".utf8))])
    ),
    // An attribute before a value, and inside of one, changes nothing.
    ("|1\r\n+ttl\r\n:3\r\n+value\r\n", .simpleString("value")),
    ("*2\r\n:1\r\n|1\r\n+ttl\r\n*1\r\n:3\r\n:2\r\n", .array([.integer(1), .integer(2)])),
    ("|0\r\n:5\r\n", .integer(5)),
  ]

  private static func pair(_ key: String, _ value: RESPValue) -> RESPValue.Pair {
    .init(key: .simpleString(key), value: value)
  }

  static let stream = Array(samples.map(\.text).joined().utf8)

  @Test(arguments: samples.indices) func `each type is read`(_ index: Int) throws {
    #expect(try read([Array(Self.samples[index].text.utf8)]) == [Self.samples[index].value])
  }

  @Test func `a stream cut in two anywhere reads alike`() throws {
    let expected = Self.samples.map(\.value)
    for cut in 0...Self.stream.count {
      #expect(
        try read([Array(Self.stream[..<cut]), Array(Self.stream[cut...])]) == expected,
        "cut at \(cut)"
      )
    }
  }

  @Test func `a stream that comes byte by byte reads alike`() throws {
    #expect(try read(Self.stream.map { [$0] }) == Self.samples.map(\.value))
  }

  @Test(arguments: 0..<200) func `a stream in pieces of random lengths reads alike`(_ seed: UInt64)
    throws
  {
    var random = SeededGenerator(seed: seed)
    var pieces: [[UInt8]] = []
    var rest = Self.stream[...]
    while !rest.isEmpty {
      let length = Int.random(in: 1...40, using: &random)
      pieces.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    #expect(try read(pieces) == Self.samples.map(\.value))
  }

  @Test(
    arguments: [
      ("?1\r\n", RESPParserError.unknownType(0x3F)),
      ("\u{15}\u{3}\u{1}", .unknownType(0x15)),
      (":\r\n", .malformedNumber),
      (":-\r\n", .malformedNumber),
      (":1a\r\n", .malformedNumber),
      (":9223372036854775808\r\n", .malformedNumber),
      (":-9223372036854775809\r\n", .malformedNumber),
      (",one\r\n", .malformedNumber),
      ("(12x\r\n", .malformedNumber),
      ("$-2\r\n", .malformedNumber),
      ("*-2\r\n", .malformedNumber),
      ("$3\r\nabcd\r\n", .malformedLineEnd),
      ("+OK\rX", .malformedLineEnd),
      ("#x\r\n", .malformedValue),
      ("_x\r\n", .malformedValue),
      ("=3\r\nabc\r\n", .malformedValue),
      ("$536870913\r\n", .tooLong),
      ("*1048577\r\n", .tooLong),
      (String(repeating: "*1\r\n", count: 33), .tooDeep),
    ])
  func `what is not RESP3 is refused`(_ text: String, _ error: RESPParserError) {
    #expect(throws: error) { try read([Array(text.utf8)]) }
  }

  @Test func `a line without an end is refused once it is too long`() {
    let line = [UInt8](repeating: 0x61, count: RESPParser.maxLineLength)
    #expect(throws: RESPParserError.tooLong) { try read([[0x2B] + line]) }
  }

  @Test func `aggregates inside each other are read down to the limit`() throws {
    let text = String(repeating: "*1\r\n", count: RESPParser.maxDepth) + ":1\r\n"
    let value = (0..<RESPParser.maxDepth).reduce(RESPValue.integer(1)) { value, _ in .array([value])
    }
    #expect(try read([Array(text.utf8)]) == [value])
  }

  @Test func `a claim of many elements takes no memory before they come`() throws {
    // 32 levels of a million elements would be terabytes.
    let text = String(repeating: "*1048576\r\n", count: RESPParser.maxDepth)
    #expect(try read([Array(text.utf8)]).isEmpty)
  }

  @Test(arguments: 0..<2_000) func `random bytes never crash the parser`(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var bytes = Self.stream
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
        in: 0...255,
        using: &random
      )
    }
    _ = try? read([bytes])
  }

  private func read(_ pieces: [[UInt8]]) throws(RESPParserError) -> [RESPValue] {
    var parser = RESPParser()
    var values: [RESPValue] = []
    for piece in pieces {
      parser.append(ByteBuffer(bytes: piece))
      while let value = try parser.next() { values.append(value) }
    }
    return values
  }
}
