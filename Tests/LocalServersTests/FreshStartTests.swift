import LocalServers
import SystemPackage
import Testing

@Suite struct FreshStartTests {
  @Test func `a fresh start drops what an earlier one left, and nobody else may start meanwhile`()
    async throws
  {
    let directory = Scratch.newPath()
    let first = try await LocalServers.start(.init(directory: directory, kinds: [.redis]))
    let url = try #require(first.redisURL)
    #expect(LocalServers.isOwn(url, in: directory))
    #expect(throws: LocalServers.StartError.self) { try LocalServers.requireFree(directory) }
    await first.stop()
    try LocalServers.requireFree(directory)
    try Scratch.write("left", to: directory.appending("left"))

    let second = try await LocalServers.start(
      .init(directory: directory, kinds: [.redis], startsFresh: true, removesDirectory: true)
    )
    #expect(!Scratch.exists(directory.appending("left")))
    #expect(!LocalServers.isOwn(url, in: directory), "a new password")
    let other = try #require(second.redisURL)
    #expect(LocalServers.isOwn(other, in: directory))
    await second.stop()
  }

  @Test func `where a port is taken another may stand in for it`() async throws {
    let directory = Scratch.newPath()
    let first = try await LocalServers.start(
      .init(directory: directory, kinds: [.redis], removesDirectory: true)
    )
    let url = try #require(first.redisURL)
    let port = try #require(Scratch.port(url))
    let holder = try #require(LoopbackPort.holder(of: port))
    #expect(holder.pid == first.pid(of: .redis))
    let ports = LocalServers.Ports(redis: port)
    await #expect(throws: LocalServers.StartError.self) {
      try await LocalServers.start(
        .init(directory: Scratch.newPath(), kinds: [.redis], ports: ports, removesDirectory: true)
      )
    }
    let second = try await LocalServers.start(
      .init(
        directory: Scratch.newPath(),
        kinds: [.redis],
        ports: ports,
        replacesTakenPorts: true,
        removesDirectory: true
      )
    )
    let other = try #require(second.redisURL)
    #expect(Scratch.port(other) != port)
    await second.stop()
    await first.stop()
  }
}
