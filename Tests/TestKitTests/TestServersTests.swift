import Glibc
import LocalServers
import Synchronization
import TestKit
import Testing

@Suite struct TestServersTests {
  private static let builds = Atomic(0)
  private static let template = DatabaseTemplate(name: "test_kit_template") { url in
    builds.wrappingAdd(1, ordering: .relaxed)
    let servers = try await TestServers.shared.postgres()
    #expect(try url == servers.databaseURL(of: "test_kit_template"))
    try await servers.runSQL(
      ["CREATE TABLE things (value int)", "INSERT INTO things VALUES (1)"],
      in: "test_kit_template"
    )
  }

  @Test func `thirty tests at once get a clone each of a template that is built once`() async throws
  {
    let urls = try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<30 {
        group.addTask {
          try await withTestDatabase(Self.template) { database in
            try await TestServers.shared.postgres().runSQL(
              [
                "INSERT INTO things VALUES (\(number))",
                "DO $$ BEGIN ASSERT (SELECT count(*) FROM things) = 2; END $$",
              ],
              in: database.name
            )
            return database.url
          }
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(urls.count == 30)
    #expect(Self.builds.load(ordering: .relaxed) == 1)
  }

  @Test func `a test's database is gone after it, also when the test fails`() async throws {
    struct Failure: Error {}
    var name = ""
    await #expect(throws: Failure.self) {
      try await withTestDatabase { database in
        name = database.name
        throw Failure()
      }
    }
    try await TestServers.shared.postgres().runSQL(
      ["DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM pg_database WHERE datname = '\(name)'); END $$"])
  }

  @Test
  func `every test gets a Redis database and a virtual host of its own, however many there are`()
    async throws
  {
    let redis = try await withTestRedis { first in try await withTestRedis { [first.url, $0.url] } }
    #expect(Set(redis).count == 2)
    let hosts = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<100 { group.addTask { try await withTestMessaging { $0.url } } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(hosts.count == 100)
  }

  @Test func `the shared servers end with the process`() async throws {
    let path = "/var/tmp/helium-test-pids-\(UInt64.random(in: .min ... .max))"
    await #expect(processExitsWith: .success) { [path = path as String] in
      let servers = try await TestServers.shared.redis()
      let file = try #require(fopen(path, "w"))
      fputs("\(servers.pids.map(String.init).joined(separator: " "))", file)
      fclose(file)
    }
    let file = try #require(fopen(path, "r"))
    var line = [CChar](repeating: 0, count: 256)
    _ = fgets(&line, 256, file)
    fclose(file)
    unlink(path)
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let pids = text.split(separator: " ").compactMap { Int32($0) }
    #expect(pids.count == 2)
    let deadline = ContinuousClock.now + .seconds(40)
    while pids.contains(where: { kill($0, 0) == 0 }), ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(pids.filter { kill($0, 0) == 0 } == [])
  }
}
