import Foundation
import Glibc
import LocalServers
import Platform
import TestKit
import Testing

@testable import Server

@Suite struct DevCommandTests {
  private func get(_ url: String) async throws -> HTTPProbe.Answer {
    let split = try #require(url.dropFirst("http://".count).firstIndex(of: "/"))
    return try await HTTPProbe(String(url[..<split])).get(
      String(url[split...]),
      deadline: .seconds(60)
    )
  }

  private func users(_ file: DevRun.File) async throws -> HTTPProbe.Answer {
    let address = try #require(file.workers["node_api"]?.address)
    let node = try #require(file.nodes.first)
    return try await get(
      "http://\(address)/api/v1/server/UniProxy/user?node_id=\(node.id)&node_type=\(node.type)&token=\(node.token)"
    )
  }

  @Test func `everything runs, a worker that dies comes back, and SIGTERM leaves nothing behind`()
    async throws
  {
    try await DevRun.withFolder { folder in
      let run = try DevRun(["--ports", "any", "--accounts", "20"], in: folder)
      let file = try await run.file()
      #expect(Set(file.workers.keys) == Set(WorkMode.all.workers.map(\.rawValue)))
      for (name, worker) in file.workers {
        #expect(DevRun.isAlive(worker.pid), "\(name)")
        #expect(try await get("\(worker.health)/readyz").status == 200, "\(name)")
      }
      #expect(file.customer.nodeUserId == 1_001)
      #expect(file.nodes.first?.type == "shadowsocks")
      let link = try #require(file.customer.subscriptionUrl)
      #expect(try await get(link).status == 200)
      #expect(try await users(file).status == 200)

      let mailer = try #require(file.workers["mailer"]?.pid)
      kill(mailer, SIGKILL)
      let second = try await run.file { $0.workers["mailer"].map { $0.pid != mailer } ?? false }
      #expect(run.output.contains(/mailer +\| ended by signal 9; restarting it in 1 s/))

      let records = try FileManager.default.contentsOfDirectory(atPath: run.folder.path).filter {
        $0.hasSuffix(".pids")
      }
      let servers = try records.flatMap { name in
        try String(contentsOf: run.folder.appendingPathComponent(name), encoding: .utf8).split(
          separator: "\n"
        )
        .compactMap { $0.split(separator: " ").first.flatMap { pid_t($0) } }
      }
      #expect(servers.count == 10, "four servers, Erlang's port mapper, and a supervisor each")
      #expect(try await run.stop() == 0, "\(run.output)")
      #expect(!run.hasFile)
      #expect((second.workers.values.map(\.pid) + servers).filter(DevRun.isAlive) == [])
    }
  }

  @Test
  func `named stores are used, chosen workers run, and a second start finds the same demo data`()
    async throws
  {
    try await withTestDatabase { database in
      let stores = [
        "DATABASE_URL": database.url, "REDIS_URL": try await TestRedis.make().url,
        "MQ_URL": try await TestMessaging.make().url,
        "SMTP_URL": "smtp://127.0.0.1:1",
      ]
      let arguments = ["--ports", "any", "--only", "node_api", "subscribe_api", "--accounts", "20"]
      try await DevRun.withFolder { folder in
        var run = try DevRun(arguments, in: folder, environment: stores)
        let first = try await run.file()
        #expect(first.databaseUrl == database.url)
        #expect(first.mailDirectory == nil)
        #expect(Set(first.workers.keys) == ["node_api", "subscribe_api"])
        let list = try await users(first)
        let users =
          try #require(
            JSONSerialization.jsonObject(with: Data(list.body)) as? [String: [[String: Any]]]
          )["users"] ?? []
        #expect(users.count == 21)
        #expect(users.contains { $0["id"] as? Int == first.customer.nodeUserId })

        let check = try await run.shell("helium node check 1")
        #expect(check.status == 0, "\(check.output)")
        #expect(check.output.contains("users     21, "))
        #expect(check.output.contains(/user .* asked again with its ETag 304 in/))
        let configuration = try await run.shell("helium config check")
        #expect(configuration.output == "the configuration is valid for every worker\n")
        #expect(try await run.stop() == 0, "\(run.output)")

        run = try DevRun(arguments, in: folder, environment: stores)
        let second = try await run.file()
        #expect(second.admin == first.admin)
        #expect(second.nodes == first.nodes)
        #expect(second.customer.password == first.customer.password)
        #expect(second.customer.nodeUserId == first.customer.nodeUserId)
        #expect(try await self.users(second).body.count == list.body.count)
        #expect(try await run.stop() == 0, "\(run.output)")
      }
    }
  }

  @Test func `a taken port is named before anything starts`() async throws {
    // Should somebody else have it already, it is just as taken.
    let listener = Listener(port: 8_082)
    defer { listener.close() }
    try await DevRun.withFolder { folder in
      let run = try DevRun([], in: folder)
      #expect(try await run.end() != 0)
      #expect(run.output.contains("port 8082, for node_api, is in use by "))
      #expect(run.output.contains("helium dev --ports any"))
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
  }

  @Test func `who holds a port is named`() throws {
    let listener = Listener(port: 0)
    defer { listener.close() }
    let ports = DevPorts(health: [.mailer: listener.port], serving: [:])
    let error = try #require(throws: DevPorts.TakenPorts.self) { try ports.requireFree() }
    #expect(error.ports.map(\.number) == [listener.port])
    #expect(error.ports.first?.holder?.pid == getpid())
    #expect(
      error.description.contains(
        "port \(listener.port), for the health port of mailer, is in use by "
      )
    )
  }

  /// A socket that listens on 127.0.0.1; does nothing where the port is taken.
  private final class Listener {
    let port: Int
    private let socket: Int32

    init(port: Int) {
      socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(port).bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      // Connections that ended a moment ago don't hold the port.
      var yes: Int32 = 1
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
      let socket = socket
      withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          if bind(socket, address, length) == 0 { _ = listen(socket, 1) }
          _ = getsockname(socket, address, &length)
        }
      }
      self.port = Int(in_port_t(bigEndian: address.sin_port))
    }

    func close() {
      Glibc.close(socket)
    }
  }
}
