import LocalServers
import SystemPackage
import Testing

@Suite struct StartAndStopTests {
  @Test func `all servers answer after a start, and a stop leaves no process and no directory`()
    async throws
  {
    let directory = Scratch.newPath()
    let servers = try await LocalServers.start(
      .init(directory: directory, isDurable: false, removesDirectory: true)
    )
    let pids = servers.pids
    #expect(servers.databaseURL?.hasPrefix("postgres://helium:") == true)
    #expect(servers.redisURL?.hasPrefix("redis://:") == true)
    #expect(servers.mqURL?.hasSuffix("/%2F") == true)
    #expect(servers.smtpURL?.hasPrefix("smtp://127.0.0.1:") == true)
    #expect(pids.count == 10, "four servers, Erlang's port mapper, and a supervisor each")
    #expect(pids.allSatisfy(Scratch.isAlive))
    try await servers.runSQL(["SELECT 1"])
    try await servers.addVirtualHosts(["one", "two"])
    await servers.stop()
    #expect(pids.filter(Scratch.isAlive) == [])
    #expect(!Scratch.exists(directory))
  }

  @Test func `a second start in the same directory names the process that runs there`() async throws
  {
    let directory = Scratch.newPath()
    let servers = try await LocalServers.start(
      .init(directory: directory, kinds: [.redis], removesDirectory: true)
    )
    let error = await #expect(throws: LocalServers.StartError.self) {
      try await LocalServers.start(.init(directory: directory, kinds: [.redis]))
    }
    #expect("\(try #require(error))".contains("process \(Scratch.ownPID)"))
    await servers.stop()
  }

  @Test func `data, password and port live through a stop and a start`() async throws {
    let directory = Scratch.newPath()
    let kinds: Set<LocalServers.Kind> = [.postgres, .redis]
    let first = try await LocalServers.start(.init(directory: directory, kinds: kinds))
    try await first.runSQL(["CREATE TABLE kept (value int)", "INSERT INTO kept VALUES (7)"])
    await first.stop()
    let second = try await LocalServers.start(
      .init(directory: directory, kinds: kinds, removesDirectory: true)
    )
    try await second.runSQL(["DO $$ BEGIN ASSERT (SELECT value FROM kept) = 7; END $$"])
    await second.stop()
  }

  @Test func `a port that another program has is named`() async throws {
    let first = try await LocalServers.start(
      .init(directory: Scratch.newPath(), kinds: [.redis], removesDirectory: true)
    )
    let port = try #require(first.redisURL.flatMap(Scratch.port))
    let error = await #expect(throws: LocalServers.StartError.self) {
      try await LocalServers.start(
        .init(
          directory: Scratch.newPath(),
          kinds: [.redis],
          ports: .init(redis: port),
          removesDirectory: true
        )
      )
    }
    #expect("\(try #require(error))".contains("Port \(port)"))
    await first.stop()
  }

  @Test func `a server that can't start says why, and the others are stopped`() async throws {
    let directory = Scratch.newPath()
    let error = await #expect(throws: LocalServers.StartError.self) {
      try await LocalServers.start(
        .init(
          directory: directory,
          kinds: [.postgres, .redis],
          removesDirectory: true,
          postgresSettings: ["nonsense": "1"]
        )
      )
    }
    #expect("\(try #require(error))".contains("nonsense"))
    #expect(Scratch.recordedPIDs(in: directory).filter(Scratch.isAlive) == [])
    await Scratch.remove(directory)
  }

  @Test(arguments: [LocalServers.Kind.postgres, .redis, .rabbitmq])
  func `a crashed server comes back at the same address`(kind: LocalServers.Kind) async throws {
    let servers = try await LocalServers.start(
      .init(directory: Scratch.newPath(), kinds: [kind], removesDirectory: true)
    )
    let pid = try #require(servers.pid(of: kind))
    let url = [servers.databaseURL, servers.redisURL, servers.mqURL]
    await servers.crash(kind)
    #expect(!Scratch.isAlive(pid))
    try await servers.restart(kind)
    #expect(servers.pid(of: kind) != pid)
    #expect([servers.databaseURL, servers.redisURL, servers.mqURL] == url)
    await servers.stop()
  }
}
