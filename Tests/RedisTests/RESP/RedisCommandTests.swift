import Testing

@testable import Redis

@Suite struct RedisCommandTests {
  @Test func `a command is an array of bulk strings`() {
    let command = RedisCommand(
      "SET",
      "key",
      .init([0, 13, 10, 255]),
      .init(-12),
      "é",
      .double(1.5),
      .double(-.infinity)
    )
    let expected =
      Array("*7\r\n$3\r\nSET\r\n$3\r\nkey\r\n$4\r\n".utf8) + [0, 13, 10, 255]
      + Array("\r\n$3\r\n-12\r\n$2\r\né\r\n$3\r\n1.5\r\n$4\r\n-inf\r\n".utf8)
    #expect(command.encoded == expected)
  }

  @Test func `lengths of more than one digit are written in decimal`() {
    let command = RedisCommand("ECHO", .text(String(repeating: "a", count: 1_234)))
    #expect(
      String(decoding: command.encoded, as: UTF8.self).hasPrefix(
        "*2\r\n$4\r\nECHO\r\n$1234\r\naaaa"
      )
    )
  }

  @Test func `a double is written in digits that read back as the same value`() {
    for value in [0.1, 1e300, -2.5e-10, 1_700_000_000_123_456] {
      var bytes: [UInt8] = []
      RedisArgument.double(value).encode(into: &bytes)
      #expect(
        String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").last.flatMap {
          Double(String($0))
        } == value
      )
    }
  }

  @Test(arguments: ["SUBSCRIBE", "EXEC", "blpop", "Multi", "SELECT", "CLIENT", "HELLO"])
  func `what changes or blocks a shared connection is recognised in any case`(_ name: String) {
    #expect(!RedisCommand(name).isShareable)
  }

  @Test(arguments: ["GET", "set", "PING", "EVALSHA", "PUBLISH"])
  func `other commands can share a connection`(_ name: String) {
    #expect(RedisCommand(name).isShareable)
  }

  @Test(
    arguments: [
      (Duration.zero, Int64(1)), (.microseconds(1), 1), (.milliseconds(1), 1),
      (.microseconds(1_001), 2), (.seconds(30), 30_000),
      (.seconds(-5), 1),
    ])
  func `an expiry is rounded up to milliseconds, at least one`(
    _ duration: Duration,
    _ milliseconds: Int64
  ) {
    #expect(duration.milliseconds == milliseconds)
  }
}
