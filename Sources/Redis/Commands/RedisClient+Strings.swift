extension RedisClient {
  /// The value of a key, nil when there is none.
  package func get(_ key: String) async throws -> [UInt8]? {
    try await optionalBytes(RedisCommand("GET", .text(prefixed(key))))
  }

  /// The values of keys, in their order, nil where there is none.
  package func get(_ keys: [String]) async throws -> [[UInt8]?] {
    guard !keys.isEmpty else { return [] }
    let reply = try await send(RedisCommand("MGET", keys.map { .text(prefixed($0)) }))
    guard let elements = reply.elements, elements.count == keys.count else {
      throw RedisError.unexpectedReply(command: "MGET")
    }
    return elements.map(\.bytes)
  }

  /// Sets a key to a value that expires, or never where `expiry` is nil. False: the condition did
  /// not hold, and nothing changed.
  @discardableResult
  package func set(
    _ key: String,
    _ value: [UInt8],
    expiry: Duration?,
    condition: SetCondition? = nil
  ) async throws -> Bool {
    var arguments: [RedisArgument] = [.text(prefixed(key)), .bytes(value)]
    if let expiry { arguments += ["PX", .integer(expiry.milliseconds)] }
    if let condition { arguments.append(.text(condition.rawValue)) }
    let reply = try await send(RedisCommand("SET", arguments))
    guard reply.isNull || reply == .simpleString("OK") else {
      throw RedisError.unexpectedReply(command: "SET")
    }
    return !reply.isNull
  }

  /// Sets a key to a text, as ``set(_:_:expiry:condition:)-([UInt8],_,_,_)`` does.
  @discardableResult
  package func set(
    _ key: String,
    _ value: String,
    expiry: Duration?,
    condition: SetCondition? = nil
  ) async throws -> Bool {
    try await set(key, Array(value.utf8), expiry: expiry, condition: condition)
  }

  /// Takes a key's value away: of callers that race, one gets it. For secrets that are used once.
  package func getAndDelete(_ key: String) async throws -> [UInt8]? {
    try await optionalBytes(RedisCommand("GETDEL", .text(prefixed(key))))
  }

  /// The value of a key, whose expiry is set anew. For sessions that slide.
  package func get(_ key: String, extendingTo expiry: Duration) async throws -> [UInt8]? {
    try await optionalBytes(
      RedisCommand("GETEX", .text(prefixed(key)), "PX", .integer(expiry.milliseconds))
    )
  }

  /// Adds to the integer of a key (0 where there is none) and returns the sum. The expiry stays as
  /// it was.
  @discardableResult
  package func increment(_ key: String, by amount: Int64 = 1) async throws -> Int64 {
    guard
      let value = try await send(RedisCommand("INCRBY", .text(prefixed(key)), .integer(amount)))
        .integer
    else {
      throw RedisError.unexpectedReply(command: "INCRBY")
    }
    return value
  }

  /// Sends a command whose reply is a string or null.
  func optionalBytes(_ command: RedisCommand) async throws -> [UInt8]? {
    switch try await send(command) {
    case .null: return nil
    case let reply:
      guard let bytes = reply.bytes else { throw RedisError.unexpectedReply(command: command.name) }
      return bytes
    }
  }
}

/// When a key may be set.
package enum SetCondition: String, Sendable {
  /// Only when there is no such key yet.
  case ifAbsent = "NX"
  /// Only when the key exists.
  case ifPresent = "XX"
}
