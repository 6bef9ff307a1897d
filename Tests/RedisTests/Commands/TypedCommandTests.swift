import Redis
import Testing

@Suite struct TypedCommandTests {
  @Test func `strings are set, read, taken and counted`() async throws {
    try await RedisServer().withClient { redis in
      let value: [UInt8] = [0, 13, 10, 255]
      #expect(try await redis.get("a") == nil)
      #expect(try await redis.set("a", value, expiry: nil))
      #expect(try await redis.get("a") == value)
      #expect(try await !redis.set("a", "other", expiry: nil, condition: .ifAbsent))
      #expect(try await !redis.set("b", "other", expiry: nil, condition: .ifPresent))
      #expect(try await redis.get(["a", "b"]) == [value, nil])
      #expect(try await redis.get([]) == [])
      #expect(try await redis.getAndDelete("a") == value)
      #expect(try await redis.getAndDelete("a") == nil)
      #expect(try await redis.increment("n") == 1)
      #expect(try await redis.increment("n", by: -5) == -4)
      #expect(try await redis.delete(["n", "none"]) == 1)
      try await redis.ping()
    }
  }

  @Test func `a value of a megabyte comes back whole`() async throws {
    try await RedisServer().withClient { redis in
      let value = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try await redis.set("large", value, expiry: nil)
      #expect(try await redis.get("large") == value)
    }
  }

  @Test func `keys expire when they are told to`() async throws {
    try await RedisServer().withClient { redis in
      try await redis.set("a", "1", expiry: .seconds(100))
      guard case .expires(let first) = try await redis.lifetime(of: "a") else {
        throw RedisError.unexpectedReply(command: "PTTL")
      }
      #expect(first > .seconds(50) && first <= .seconds(100))
      #expect(try await redis.get("a", extendingTo: .seconds(1_000)) == Array("1".utf8))
      guard case .expires(let second) = try await redis.lifetime(of: "a") else {
        throw RedisError.unexpectedReply(command: "PTTL")
      }
      #expect(second > .seconds(900))
      #expect(try await redis.expire("a", after: .zero))
      while try await redis.exists("a") {}
      #expect(try await redis.lifetime(of: "a") == .missing)
      #expect(try await !redis.expire("a", after: .seconds(1)))
      try await redis.set("b", "1", expiry: nil)
      #expect(try await redis.lifetime(of: "b") == .unlimited)
    }
  }

  @Test func `hashes`() async throws {
    try await RedisServer().withClient { (redis) async throws in
      #expect(try await redis.hashGetAll("h") == [:])
      #expect(try await redis.hashSet("h", ["a": [1], "b": [2]]) == 2)
      #expect(try await redis.hashSet("h", ["b": [3]]) == 0)
      #expect(try await redis.hashGet("h", "b") == [3])
      #expect(try await redis.hashGet("h", "c") == nil)
      #expect(try await redis.hashGetAll("h") == ["a": [1], "b": [3]])
      #expect(try await redis.hashDelete("h", ["a", "c"]) == 1)
      #expect(try await redis.hashIncrement("h", "n", by: 4) == 4)
    }
  }

  @Test func `sets`() async throws {
    try await RedisServer().withClient { (redis) async throws in
      #expect(try await redis.setMembers("s").isEmpty)
      #expect(try await redis.setAdd("s", ["a", "b", "a"]) == 2)
      #expect(try await redis.setContains("s", "a"))
      #expect(try await redis.setRemove("s", ["a", "c"]) == 1)
      #expect(try await redis.setMembers("s") == [Array("b".utf8)])
      #expect(try await redis.setCount("s") == 1)
    }
  }

  @Test func `sorted sets`() async throws {
    try await RedisServer().withClient { (redis) async throws in
      let members = [1.5, 2, 3].enumerated().map {
        ScoredMember(member: [UInt8($0.offset)], score: $0.element)
      }
      #expect(try await redis.sortedSetAdd("z", members.reversed()) == 3)
      #expect(try await redis.sortedSetRange("z", limit: 10) == members)
      #expect(try await redis.sortedSetRange("z", scores: 2...3, limit: 1) == [members[1]])
      #expect(try await redis.sortedSetScore("z", .init([0])) == 1.5)
      #expect(try await redis.sortedSetScore("z", "none") == nil)
      #expect(try await redis.sortedSetRemove("z", scores: 0...1.5) == 1)
      #expect(try await redis.sortedSetRemove("z", [.init([1])]) == 1)
      #expect(try await redis.sortedSetCount("z") == 1)
    }
  }

  @Test func `the key prefix is put before every key and channel`() async throws {
    let server = try await RedisServer()
    try await server.withClient({ $0.keyPrefix = "tenant:" }) { redis in
      try await redis.set("a", "1", expiry: nil)
      #expect(try await redis.send(RedisCommand("GET", "tenant:a")).text == "1")
      #expect(redis.prefixed("a") == "tenant:a")
      let script = RedisScript("return redis.call('GET', KEYS[1])")
      #expect(try await redis.evaluate(script, keys: ["a"]).text == "1")
      var events = redis.subscribe(to: ["c"]).makeAsyncIterator()
      #expect(await events.next() == .subscribed)
      #expect(try await redis.send(RedisCommand("PUBLISH", "tenant:c", "x")) == .integer(1))
      #expect(await events.next() == .message(RedisMessage(channel: "c", payload: Array("x".utf8))))
    }
  }

  @Test
  func `a script runs with its keys and arguments, and again after the server has forgotten it`()
    async throws
  {
    try await RedisServer().withClient { redis in
      let script = RedisScript("return {KEYS[1], ARGV[1], redis.call('INCR', KEYS[1])}")
      for round in 1...2 {
        for _ in 1...2 {
          let reply = try await redis.evaluate(script, keys: ["k"], arguments: [7])
          #expect(reply.elements?.prefix(2).map(\.text) == ["k", "7"])
        }
        #expect(try await redis.get("k") == Array("\(round * 2)".utf8))
        _ = try await redis.send(RedisCommand("SCRIPT", "FLUSH"))
      }
    }
  }

  @Test func `an error reply is thrown with its code`() async throws {
    try await RedisServer().withClient { redis in
      try await redis.set("a", "text", expiry: nil)
      let error = await #expect(throws: RedisError.self) { try await redis.hashGet("a", "f") }
      guard case .reply("WRONGTYPE", _) = error else { throw error ?? .closed }
    }
  }

  @Test func `a pipeline gives each command's own result`() async throws {
    try await RedisServer().withClient { redis in
      let results = try await redis.pipeline([
        RedisCommand("SET", "a", "1"), RedisCommand("LPUSH", "a", "x"), RedisCommand("INCR", "a"),
      ])
      #expect(try results[0].get() == .simpleString("OK"))
      #expect(throws: RedisError.self) { try results[1].get() }
      #expect(try results[2].get() == .integer(2))
    }
  }

  @Test func `no other command comes between those of a transaction`() async throws {
    try await RedisServer().withClient({ $0.connections = 2 }) { redis in
      try await withThrowingTaskGroup(of: Int64.self) { group in
        for _ in 0..<100 {
          group.addTask {
            let results = try await redis.transaction([
              RedisCommand("INCR", "n"), RedisCommand("INCR", "n"),
            ])
            return (try results[1].get().integer ?? 0) - (try results[0].get().integer ?? 0)
          }
        }
        for try await difference in group { #expect(difference == 1) }
      }
      let error = await #expect(throws: RedisError.self) {
        try await redis.transaction([RedisCommand("INCR")])
      }
      guard case .reply("EXECABORT", _) = error else { throw error ?? .closed }
    }
  }

  @Test func `a command that would change the shared connection is not sent`() async throws {
    try await RedisServer().withClient { redis in
      await #expect(throws: RedisError.unsupportedCommand("SUBSCRIBE")) {
        try await redis.send(RedisCommand("SUBSCRIBE", "c"))
      }
      await #expect(throws: RedisError.unsupportedCommand("MULTI")) {
        try await redis.pipeline([RedisCommand("MULTI")])
      }
    }
  }
}
