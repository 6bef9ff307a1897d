import Testing

@testable import Redis

@Suite struct RedisHandshakeTests {
  @Test func `it asks for RESP3, and whether the server is ready`() throws {
    let handshake = RedisHandshake(try RedisConfiguration(url: "redis://localhost"))
    #expect(handshake.commands == [RedisCommand("HELLO", 3), RedisCommand("PING")])
  }

  @Test func `user, password, name and database go with it`() throws {
    var configuration = try RedisConfiguration(url: "redis://worker:s3cret@localhost/5")
    configuration.clientName = "rest"
    #expect(
      RedisHandshake(configuration).commands == [
        RedisCommand("HELLO", 3, "AUTH", "worker", "s3cret", "SETNAME", "rest"),
        RedisCommand("SELECT", 5), RedisCommand("PING"),
      ]
    )
  }

  @Test func `a password alone is the default user's`() throws {
    let handshake = RedisHandshake(try RedisConfiguration(url: "redis://:s3cret@localhost"))
    #expect(handshake.commands.first == RedisCommand("HELLO", 3, "AUTH", "default", "s3cret"))
  }

  @Test func `it is done after the last reply`() throws {
    var handshake = RedisHandshake(try RedisConfiguration(url: "redis://localhost/1"))
    #expect(try !handshake.receive(.map([])))
    #expect(try !handshake.receive(.simpleString("OK")))
    #expect(try handshake.receive(.simpleString("PONG")))
  }

  @Test func `a wrong password will not get better, and a server that is loading will`() throws {
    let fresh = RedisHandshake(try RedisConfiguration(url: "redis://localhost"))
    var handshake = fresh
    let refused = #expect(throws: RedisError.self) {
      try handshake.receive(.error(code: "WRONGPASS", message: "invalid"))
    }
    #expect(refused == .refused("HELLO: WRONGPASS invalid") && refused?.isPermanent == true)
    handshake = fresh
    let loading = #expect(throws: RedisError.self) {
      try handshake.receive(.error(code: "LOADING", message: "wait"))
    }
    #expect(loading == .unavailable("LOADING wait") && loading?.isPermanent == false)
  }

  @Test func `a user who may not PING may work all the same`() throws {
    var handshake = RedisHandshake(try RedisConfiguration(url: "redis://localhost"))
    _ = try handshake.receive(.map([]))
    #expect(try handshake.receive(.error(code: "NOPERM", message: "ping")))
  }
}
