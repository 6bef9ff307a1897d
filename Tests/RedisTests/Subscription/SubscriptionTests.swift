import Redis
import Testing

@Suite(.timeLimit(.minutes(10))) struct SubscriptionTests {
  @Test func `messages arrive in their order, from every channel`() async throws {
    try await RedisServer().withClient { (redis) async throws in
      var events = redis.subscribe(to: ["a", "b"]).makeAsyncIterator()
      #expect(await events.next() == .subscribed)
      for index in 0..<100 {
        let message = RedisMessage(
          channel: index.isMultiple(of: 2) ? "a" : "b",
          payload: [UInt8(index)]
        )
        #expect(try await redis.publish(message.payload, to: message.channel) == 1)
        #expect(await events.next() == .message(message))
      }
    }
  }

  @Test func `a subscription outlives the server, and says that messages may be lost`() async throws
  {
    let server = try await RedisServer()
    try await server.withClient { redis in
      var events = redis.subscribe(to: ["a"]).makeAsyncIterator()
      #expect(await events.next() == .subscribed)
      for _ in 0..<2 {
        server.kill9()
        try await server.start()
        #expect(await events.next() == .reconnected)
        try await retryUntilSuccess { try await redis.publish([1], to: "a") }
        #expect(await events.next() == .message(RedisMessage(channel: "a", payload: [1])))
      }
    }
  }

  @Test func `subscriptions made before the server is there begin with it`() async throws {
    let server = try await RedisServer()
    server.kill9()
    try await server.withClient { redis in
      var events = redis.subscribe(to: ["a"]).makeAsyncIterator()
      try await Task.sleep(for: .milliseconds(100))
      try await server.start()
      #expect(await events.next() == .subscribed)
    }
  }

  @Test func `who leaves is unsubscribed`() async throws {
    try await RedisServer().withClient { redis in
      let reader = Task {
        for await _ in redis.subscribe(to: ["a"]) {}
      }
      while try await redis.publish([1], to: "a") == 0 {}
      reader.cancel()
      await reader.value
      while try await redis.publish([1], to: "a") != 0 {}
    }
  }

  @Test func `a slow reader is told that messages are lost, and gets those that come later`()
    async throws
  {
    try await RedisServer().withClient { redis in
      let stream = redis.subscribe(to: ["a"], capacity: 4)
      var events = stream.makeAsyncIterator()
      #expect(await events.next() == .subscribed)
      for index in 0..<UInt8(20) { try await redis.publish([index], to: "a") }
      // The confirmation comes behind them on the same connection, so that by now each has been
      // taken or dropped.
      var other = redis.subscribe(to: ["b"]).makeAsyncIterator()
      #expect(await other.next() == .subscribed)
      for index in 0..<4 {
        #expect(
          await events.next() == .message(RedisMessage(channel: "a", payload: [UInt8(index)]))
        )
      }
      #expect(await events.next() == .overflowed)
      try await redis.publish([99], to: "a")
      #expect(await events.next() == .message(RedisMessage(channel: "a", payload: [99])))
    }
  }

  @Test func `the close of the client ends the subscriptions`() async throws {
    let server = try await RedisServer()
    let redis = RedisClient(configuration: try server.configuration())
    var events = redis.subscribe(to: ["a"]).makeAsyncIterator()
    #expect(await events.next() == .subscribed)
    await redis.close()
    #expect(await events.next() == nil)
    var late = redis.subscribe(to: ["a"]).makeAsyncIterator()
    #expect(await late.next() == nil)
  }
}
