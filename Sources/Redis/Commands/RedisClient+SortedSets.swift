extension RedisClient {
  /// Adds members to a sorted set, or changes their scores, and returns how many are new.
  @discardableResult
  package func sortedSetAdd(_ key: String, _ members: [ScoredMember]) async throws -> Int {
    guard !members.isEmpty else { return 0 }
    return try await count(
      "ZADD",
      [.text(prefixed(key))] + members.flatMap { [.double($0.score), .bytes($0.member)] }
    )
  }

  /// Removes members from a sorted set and returns how many were in it.
  @discardableResult
  package func sortedSetRemove(_ key: String, _ members: [RedisArgument]) async throws -> Int {
    guard !members.isEmpty else { return 0 }
    return try await count("ZREM", [.text(prefixed(key))] + members)
  }

  /// Removes the members whose score is in the range, both ends included, and returns how many
  /// there were.
  @discardableResult
  package func sortedSetRemove(_ key: String, scores: ClosedRange<Double>) async throws -> Int {
    try await count(
      "ZREMRANGEBYSCORE",
      [.text(prefixed(key)), .double(scores.lowerBound), .double(scores.upperBound)]
    )
  }

  /// At most `limit` members whose score is in the range, both ends included, the lowest score
  /// first.
  package func sortedSetRange(
    _ key: String,
    scores: ClosedRange<Double> = -Double.infinity...Double.infinity,
    limit: Int
  ) async throws -> [ScoredMember] {
    let reply = try await send(
      RedisCommand(
        "ZRANGE",
        .text(prefixed(key)),
        .double(scores.lowerBound),
        .double(scores.upperBound),
        "BYSCORE",
        "LIMIT",
        0,
        .init(limit),
        "WITHSCORES"
      )
    )
    guard let elements = reply.elements else { throw RedisError.unexpectedReply(command: "ZRANGE") }
    var members: [ScoredMember] = []
    members.reserveCapacity(elements.count)
    for element in elements {
      // RESP3 gives one array of member and score for each.
      guard let pair = element.elements, pair.count == 2, let member = pair[0].bytes,
        let score = pair[1].double
      else {
        throw RedisError.unexpectedReply(command: "ZRANGE")
      }
      members.append(ScoredMember(member: member, score: score))
    }
    return members
  }

  /// The score of a member, nil when it is not in the sorted set.
  package func sortedSetScore(_ key: String, _ member: RedisArgument) async throws -> Double? {
    switch try await send(RedisCommand("ZSCORE", .text(prefixed(key)), member)) {
    case .null: return nil
    case let reply:
      guard let score = reply.double else { throw RedisError.unexpectedReply(command: "ZSCORE") }
      return score
    }
  }

  /// How many members a sorted set has.
  package func sortedSetCount(_ key: String) async throws -> Int {
    try await count("ZCARD", [.text(prefixed(key))])
  }
}

/// A member of a sorted set, with the score that orders it.
package struct ScoredMember: Sendable, Hashable {
  package let member: [UInt8]
  package let score: Double

  package init(member: [UInt8], score: Double) {
    self.member = member
    self.score = score
  }
}
