import Glibc
import LocalServers
import SystemPackage
import Testing

/// Each child process here starts servers and is killed with them running.
@Suite struct KilledOwnerTests {
  @Test
  func `when the process that started them is killed, the servers end and their directory goes`()
    async throws
  {
    let path = Scratch.newPath().string
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let servers = try await LocalServers.start(
        .init(directory: FilePath(path), isDurable: false, removesDirectory: true)
      )
      try Scratch.write(
        "\(servers.pids.map(String.init).joined(separator: " "))",
        to: FilePath(path + ".pids")
      )
      raise(SIGKILL)
    }
    let pids = (Scratch.text(FilePath(path + ".pids")) ?? "").split(separator: " ").compactMap {
      Int32($0)
    }
    unlink(path + ".pids")
    #expect(pids.count == 10)
    await Scratch.wait {
      pids.allSatisfy { !Scratch.isAlive($0) } && !Scratch.exists(FilePath(path))
    }
    #expect(pids.filter(Scratch.isAlive) == [])
    #expect(!Scratch.exists(FilePath(path)))
  }

  @Test func `the directory of a killed process can be used again at once, with its data`()
    async throws
  {
    let path = Scratch.newPath().string
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let servers = try await LocalServers.start(
        .init(directory: FilePath(path), kinds: [.postgres, .redis])
      )
      try await servers.runSQL(["CREATE TABLE kept (value int)", "INSERT INTO kept VALUES (7)"])
      raise(SIGKILL)
    }
    let servers = try await LocalServers.start(
      .init(directory: FilePath(path), kinds: [.postgres, .redis], removesDirectory: true)
    )
    try await servers.runSQL(["DO $$ BEGIN ASSERT (SELECT value FROM kept) = 7; END $$"])
    await servers.stop()
  }

  @Test func `a server whose supervisor is killed too ends as well`() async throws {
    let path = Scratch.newPath().string
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let servers = try await LocalServers.start(
        .init(directory: FilePath(path), kinds: [.postgres, .redis])
      )
      let own = [LocalServers.Kind.postgres, .redis].compactMap(servers.pid)
      try Scratch.write(
        "\(own.map(String.init).joined(separator: " "))",
        to: FilePath(path + ".pids")
      )
      for pid in servers.pids where !own.contains(pid) { kill(pid, SIGKILL) }
      raise(SIGKILL)
    }
    let pids = (Scratch.text(FilePath(path + ".pids")) ?? "").split(separator: " ").compactMap {
      Int32($0)
    }
    unlink(path + ".pids")
    #expect(pids.count == 2)
    await Scratch.wait { pids.allSatisfy { !Scratch.isAlive($0) } }
    #expect(pids.filter(Scratch.isAlive) == [])
    await Scratch.remove(FilePath(path))
  }
}
