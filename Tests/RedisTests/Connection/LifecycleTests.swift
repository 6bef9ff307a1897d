import Logging
import Redis
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(10))) struct LifecycleTests {
  @Test func `close lets what is under way finish, and refuses what comes after`() async throws {
    let server = try await RedisServer()
    let redis = RedisClient(configuration: try server.configuration())
    try await redis.ping()
    server.suspend()
    let underWay = Task { try await redis.send(RedisCommand("ECHO", "x")) }
    try await Task.sleep(for: .milliseconds(50))
    let closing = Task { await redis.close() }
    while true {
      do {
        _ = try await redis.send(RedisCommand("PING"), deadline: .milliseconds(1))
      } catch RedisError.closed {
        break
      } catch RedisError.deadlineExceeded {}
    }
    server.resume()
    #expect(try await underWay.value.text == "x")
    await closing.value
    await redis.close()
  }

  @Test func `a service group runs it, and its graceful shutdown ends it`() async throws {
    let server = try await RedisServer()
    let redis = RedisClient(configuration: try server.configuration())
    let group = ServiceGroup(services: [redis], logger: Logger(label: "test"))
    async let run: Void = group.run()
    try await redis.set("a", "1", expiry: nil)
    await group.triggerGracefulShutdown()
    try await run
    await #expect(throws: RedisError.closed) { try await redis.get("a") }
  }

  @Test func `a cancelled run ends at once, whatever is under way`() async throws {
    let server = try await RedisServer()
    let redis = RedisClient(configuration: try server.configuration())
    let run = Task { try await redis.run() }
    try await redis.ping()
    server.suspend()
    let underWay = Task { try await redis.send(RedisCommand("ECHO", "x"), deadline: .seconds(600)) }
    try await Task.sleep(for: .milliseconds(50))
    run.cancel()
    try await run.value
    await #expect(throws: RedisError.self) { try await underWay.value }
    server.resume()
  }

  @Test func `a client that nobody has used closes at once`() async throws {
    let redis = RedisClient(configuration: try RedisConfiguration(url: "redis://127.0.0.1:1"))
    await redis.close()
    await #expect(throws: RedisError.closed) { try await redis.ping() }
  }

  @Test func `without a server a command waits for its deadline and says that there is none`()
    async throws
  {
    var configuration = try RedisConfiguration(url: "redis://127.0.0.1:\(try freePort())")
    configuration.commandTimeout = .seconds(1)
    try await withRedisClient(configuration) { redis in
      let error = await #expect(throws: RedisError.self) { try await redis.ping() }
      guard case .unavailable(let reason) = error else { throw error ?? .closed }
      #expect(reason.contains("refused"))
    }
  }

  @Test func `a command given before the server is there is carried out once it is`() async throws {
    let server = try await RedisServer()
    server.kill9()
    try await server.withClient { redis in
      async let reply = redis.increment("n")
      try await Task.sleep(for: .milliseconds(100))
      try await server.start()
      #expect(try await reply == 1)
    }
  }
}
