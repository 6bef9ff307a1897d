extension RedisClient {
  /// Sets fields of a hash and returns how many are new.
  @discardableResult
  package func hashSet(_ key: String, _ fields: [String: [UInt8]]) async throws -> Int {
    guard !fields.isEmpty else { return 0 }
    return try await count(
      "HSET",
      [.text(prefixed(key))] + fields.flatMap { [.text($0.key), .bytes($0.value)] }
    )
  }

  /// The value of a hash's field, nil when there is none.
  package func hashGet(_ key: String, _ field: String) async throws -> [UInt8]? {
    try await optionalBytes(RedisCommand("HGET", .text(prefixed(key)), .text(field)))
  }

  /// All fields of a hash, empty when there is none.
  package func hashGetAll(_ key: String) async throws -> [String: [UInt8]] {
    guard let pairs = try await send(RedisCommand("HGETALL", .text(prefixed(key)))).pairs else {
      throw RedisError.unexpectedReply(command: "HGETALL")
    }
    var fields: [String: [UInt8]] = [:]
    fields.reserveCapacity(pairs.count)
    for pair in pairs {
      guard let field = pair.key.text, let value = pair.value.bytes else {
        throw RedisError.unexpectedReply(command: "HGETALL")
      }
      fields[field] = value
    }
    return fields
  }

  /// Deletes fields of a hash and returns how many existed.
  @discardableResult
  package func hashDelete(_ key: String, _ fields: [String]) async throws -> Int {
    guard !fields.isEmpty else { return 0 }
    return try await count("HDEL", [.text(prefixed(key))] + fields.map { .text($0) })
  }

  /// Adds to the integer of a hash's field (0 where there is none) and returns the sum.
  @discardableResult
  package func hashIncrement(_ key: String, _ field: String, by amount: Int64 = 1) async throws
    -> Int64
  {
    guard
      let value = try await send(
        RedisCommand("HINCRBY", .text(prefixed(key)), .text(field), .integer(amount))
      ).integer
    else {
      throw RedisError.unexpectedReply(command: "HINCRBY")
    }
    return value
  }
}
