import Glibc
import LocalServers
import SystemPackage
import Testing

/// Only root can be other users, so these run as root; for a plain user every other test shows the
/// same.
@Suite(.enabled(if: Scratch.isRoot)) struct AccountTests {
  @Test func `a plain user runs all servers as itself`() async throws {
    let path = Scratch.newPath().string
    await #expect(processExitsWith: .success) { [path = path as String] in
      let nobody: uid_t = 65_534
      try #require(setgid(nobody) == 0 && setuid(nobody) == 0)
      let servers = try await LocalServers.start(
        .init(directory: FilePath(path), isDurable: false, removesDirectory: true)
      )
      #expect(servers.pids.allSatisfy { Scratch.owner(of: $0) == nobody })
      try await servers.runSQL(["SELECT 1"])
      await servers.stop()
      #expect(!Scratch.exists(FilePath(path)))
    }
  }

  @Test func `root runs each server as the user of its package`() async throws {
    let kinds: Set<LocalServers.Kind> = [.postgres, .redis]
    let servers = try await LocalServers.start(
      .init(directory: Scratch.newPath(), kinds: kinds, removesDirectory: true)
    )
    let owners = kinds.compactMap(servers.pid).map(Scratch.owner)
    #expect(owners.count == 2 && owners.allSatisfy { $0 != 0 })
    await servers.stop()
  }

  @Test func `a directory below a closed folder becomes a link that later starts follow`()
    async throws
  {
    let closed = Scratch.newPath()
    try #require(mkdir(closed.string, 0o700) == 0)
    let directory = closed.appending("servers")
    let first = try await LocalServers.start(.init(directory: directory, kinds: [.postgres]))
    #expect(first.directory.string.hasPrefix("/var/tmp/helium-"))
    #expect(Scratch.exists(directory.appending("password")))
    try await first.runSQL(["CREATE TABLE kept (value int)"])
    await first.stop()
    let second = try await LocalServers.start(.init(directory: directory, kinds: [.postgres]))
    #expect(second.directory == first.directory)
    try await second.runSQL(["SELECT value FROM kept"])
    await second.stop()
    await Scratch.remove(directory)
    await Scratch.remove(closed)
  }

  @Test func `a link to a folder of somebody else is refused`() async throws {
    let closed = Scratch.newPath()
    let foreign = Scratch.newPath()
    try #require(mkdir(closed.string, 0o700) == 0 && mkdir(foreign.string, 0o755) == 0)
    try #require(chown(foreign.string, 65_534, 65_534) == 0)
    try #require(symlink(foreign.string, closed.appending("servers").string) == 0)
    await #expect(throws: LocalServers.StartError.self) {
      try await LocalServers.start(.init(directory: closed.appending("servers"), kinds: [.redis]))
    }
    await Scratch.remove(closed)
    await Scratch.remove(foreign)
  }
}
