/// A command with its arguments, encoded for the wire.
package struct RedisCommand: Sendable, Hashable {
  /// The command's name, as in `GET`.
  package let name: String
  /// An array of bulk strings, the form in which Redis takes commands.
  let encoded: [UInt8]

  package init(_ name: String, _ arguments: [RedisArgument] = []) {
    self.name = name
    var bytes: [UInt8] = []
    bytes.reserveCapacity(arguments.reduce(32) { $0 + $1.encodedSize })
    bytes.appendHeader(0x2A, arguments.count + 1)
    bytes.appendBulk(name.utf8, count: name.utf8.count)
    for argument in arguments { argument.encode(into: &bytes) }
    encoded = bytes
  }

  package init(_ name: String, _ arguments: RedisArgument...) {
    self.init(name, arguments)
  }
}

extension RedisCommand {
  /// Commands that change what the following replies of a connection mean, or hold it up for
  /// everyone who shares it.
  private static let unshareable: Set<String> = [
    "AUTH", "BLMOVE", "BLMPOP", "BLPOP", "BRPOP", "BRPOPLPUSH", "BZMPOP", "BZPOPMAX", "BZPOPMIN",
    "CLIENT", "DISCARD", "EXEC", "HELLO",
    "MONITOR", "MULTI", "PSUBSCRIBE", "PSYNC", "PUNSUBSCRIBE", "QUIT", "RESET", "SELECT",
    "SHUTDOWN", "SSUBSCRIBE", "SUBSCRIBE",
    "SUNSUBSCRIBE", "SYNC", "UNSUBSCRIBE", "UNWATCH", "WAIT", "WAITAOF", "WATCH", "XREAD",
    "XREADGROUP",
  ]

  /// Whether the command leaves the connection as it was for the others who share it.
  var isShareable: Bool {
    // GET and its like, EVALSHA, INCR, Z… and others that are sent most often need no search.
    switch name.utf8.first {
    case UInt8(ascii: "E"), UInt8(ascii: "G"), UInt8(ascii: "I"), UInt8(ascii: "Z"): name != "EXEC"
    default: !Self.unshareable.contains(name.uppercased())
    }
  }
}
