extension RedisClient {
  /// Adds members to a set and returns how many are new.
  @discardableResult
  package func setAdd(_ key: String, _ members: [RedisArgument]) async throws -> Int {
    guard !members.isEmpty else { return 0 }
    return try await count("SADD", [.text(prefixed(key))] + members)
  }

  /// Removes members from a set and returns how many were in it.
  @discardableResult
  package func setRemove(_ key: String, _ members: [RedisArgument]) async throws -> Int {
    guard !members.isEmpty else { return 0 }
    return try await count("SREM", [.text(prefixed(key))] + members)
  }

  /// The members of a set, in no order, empty when there is none.
  package func setMembers(_ key: String) async throws -> Set<[UInt8]> {
    guard let elements = try await send(RedisCommand("SMEMBERS", .text(prefixed(key)))).elements
    else {
      throw RedisError.unexpectedReply(command: "SMEMBERS")
    }
    return Set(elements.compactMap(\.bytes))
  }

  /// Whether a set has a member.
  package func setContains(_ key: String, _ member: RedisArgument) async throws -> Bool {
    try await count("SISMEMBER", [.text(prefixed(key)), member]) == 1
  }

  /// How many members a set has.
  package func setCount(_ key: String) async throws -> Int {
    try await count("SCARD", [.text(prefixed(key))])
  }
}
