extension RedisClient {
  /// Deletes keys and returns how many existed.
  @discardableResult
  package func delete(_ keys: [String]) async throws -> Int {
    guard !keys.isEmpty else { return 0 }
    return try await count("DEL", keys.map { .text(prefixed($0)) })
  }

  /// Whether a key exists.
  package func exists(_ key: String) async throws -> Bool {
    try await count("EXISTS", [.text(prefixed(key))]) == 1
  }

  /// Sets when a key expires, in whole milliseconds from now, rounded up. False: there is no such
  /// key.
  @discardableResult
  package func expire(_ key: String, after duration: Duration) async throws -> Bool {
    try await count("PEXPIRE", [.text(prefixed(key)), .integer(duration.milliseconds)]) == 1
  }

  /// The time until a key expires.
  package func lifetime(of key: String) async throws -> KeyLifetime {
    switch try await count("PTTL", [.text(prefixed(key))]) {
    case -2: .missing
    case -1: .unlimited
    case let milliseconds: .expires(in: .milliseconds(milliseconds))
    }
  }

  /// Answers when the server does.
  package func ping() async throws {
    guard try await send(RedisCommand("PING")) == .simpleString("PONG") else {
      throw RedisError.unexpectedReply(command: "PING")
    }
  }

  /// Publishes a message to a channel, with the key prefix put before it, and returns how many
  /// subscribers of this server got it.
  @discardableResult
  package func publish(_ message: [UInt8], to channel: String) async throws -> Int {
    try await count("PUBLISH", [.text(prefixed(channel)), .bytes(message)])
  }

  /// Sends a command whose reply is an integer.
  func count(_ name: String, _ arguments: [RedisArgument]) async throws -> Int {
    guard let value = try await send(RedisCommand(name, arguments)).integer else {
      throw RedisError.unexpectedReply(command: name)
    }
    return Int(value)
  }
}

/// How long a key lives on.
package enum KeyLifetime: Sendable, Hashable {
  case missing
  case unlimited
  case expires(in: Duration)
}

extension Duration {
  /// Whole milliseconds, rounded up and at least 1, since Redis takes no shorter expiry.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
    guard !overflow, whole < Int64.max - 1_000 else { return Int64.max / 4 }
    return max(1, whole + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
