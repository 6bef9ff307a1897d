import Redis
import Testing

@Suite(.timeLimit(.minutes(10))) struct SecurityTests {
  @Test func `a wrong password is refused at once, and the right one is not`() async throws {
    let server = try await RedisServer(options: ["--requirepass", "s3cret"])
    try await withRedisClient(server.configuration(password: "s3cret")) { try await $0.ping() }
    for password in ["wrong", nil] {
      try await withRedisClient(server.configuration(password: password)) { redis in
        let error = await #expect(throws: RedisError.self) {
          try await redis.send(RedisCommand("PING"), deadline: .seconds(600))
        }
        guard case .refused(let reason) = error else { throw error ?? .closed }
        #expect(reason.contains(password == nil ? "NOAUTH" : "WRONGPASS"))
      }
    }
  }

  @Test func `an ACL user has its own password`() async throws {
    let server = try await RedisServer(options: [
      "--user", "worker", "on", ">pw", "~app:*", "+@all",
    ])
    try await withRedisClient(
      try RedisConfiguration(url: "redis://worker:pw@127.0.0.1:\(server.port)")
    ) { redis in
      try await redis.set("app:a", "1", expiry: nil)
      let error = await #expect(throws: RedisError.self) { try await redis.get("other") }
      guard case .reply("NOPERM", _) = error else { throw error ?? .closed }
    }
  }

  @Test func `a database that does not exist is refused`() async throws {
    let server = try await RedisServer()
    try await withRedisClient(try RedisConfiguration(url: "redis://127.0.0.1:\(server.port)/999")) {
      redis in
      let error = await #expect(throws: RedisError.self) { try await redis.ping() }
      guard case .refused(let reason) = error else { throw error ?? .closed }
      #expect(reason.hasPrefix("SELECT"))
    }
  }

  @Test func `databases are apart`() async throws {
    let server = try await RedisServer()
    try await withRedisClient(try RedisConfiguration(url: "redis://127.0.0.1:\(server.port)/3")) {
      redis in
      try await redis.set("a", "3", expiry: nil)
      try await server.withClient { (other) async throws in #expect(try await other.get("a") == nil)
      }
    }
  }

  @Test func `TLS works with a certificate that we trust`() async throws {
    let certificate = try TestCertificate()
    let server = try await RedisServer(tls: certificate)
    try await withRedisClient(
      server.configuration(scheme: "rediss", query: "?ca_file=\(certificate.certificate)")
    ) { redis in
      let value = [UInt8](repeating: 7, count: 300_000)
      try await redis.set("a", value, expiry: nil)
      #expect(try await redis.get("a") == value)
    }
    try await withRedisClient(server.configuration(scheme: "rediss", query: "?insecure=true")) {
      try await $0.ping()
    }
  }

  @Test func `a server may ask for a certificate of ours`() async throws {
    let certificate = try TestCertificate()
    let server = try await RedisServer(options: ["--tls-auth-clients", "yes"], tls: certificate)
    let (file, key) = (certificate.certificate, certificate.key)
    let ours = "?ca_file=\(file)&cert_file=\(file)&key_file=\(key)"
    try await withRedisClient(server.configuration(scheme: "rediss", query: ours)) {
      try await $0.ping()
    }
    var without = try server.configuration(scheme: "rediss", query: "?ca_file=\(file)")
    without.commandTimeout = .seconds(2)
    try await withRedisClient(without) { redis in
      await #expect(throws: RedisError.self) { try await redis.ping() }
    }
  }

  @Test func `a certificate that nobody vouches for is refused at once`() async throws {
    let certificate = try TestCertificate()
    let server = try await RedisServer(tls: certificate)
    try await withRedisClient(server.configuration(scheme: "rediss")) { redis in
      let error = await #expect(throws: RedisError.self) {
        try await redis.send(RedisCommand("PING"), deadline: .seconds(600))
      }
      guard case .tls(let reason) = error else { throw error ?? .closed }
      #expect(reason.contains("CERTIFICATE_VERIFY_FAILED"))
    }
  }

  @Test func `a file of authorities that is not there is named`() async throws {
    try await withRedisClient(
      try RedisConfiguration(url: "rediss://127.0.0.1:1?ca_file=/nowhere/ca.pem")
    ) { redis in
      let error = await #expect(throws: RedisError.self) {
        try await redis.send(RedisCommand("PING"), deadline: .seconds(600))
      }
      guard case .tls = error else { throw error ?? .closed }
    }
  }

  @Test func `a plain client of a TLS port, and a TLS client of a plain port, say so`() async throws
  {
    let certificate = try TestCertificate()
    let encrypted = try await RedisServer(tls: certificate)
    var configuration = try encrypted.configuration()
    configuration.commandTimeout = .seconds(2)
    try await withRedisClient(configuration) { redis in
      let error = await #expect(throws: RedisError.self) { try await redis.ping() }
      #expect(error.map { "\($0)" }?.contains("TLS") == true)
    }
    let plain = try await RedisServer()
    configuration = try plain.configuration(scheme: "rediss")
    configuration.commandTimeout = .seconds(2)
    // Redis takes the greeting for the beginning of a line and waits for the rest.
    configuration.connectTimeout = .milliseconds(200)
    try await withRedisClient(configuration) { redis in
      let error = await #expect(throws: RedisError.self) { try await redis.ping() }
      #expect(error.map { "\($0)" }?.contains("TLS") == true)
    }
  }
}
