import AgentProtocols
import Contracts
import FoundationEssentials
import HTTPTypes
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct NodeListTests {
  @Test(arguments: ["/api/v1/server/UniProxy/config", "/api/v2/server/config"])
  func `config has what agents need, in the types that they need`(path: String) async throws {
    try await withRoutes { routes in
      let token = routes.telecom.server.token.text
      let answer = try await routes.send(
        "\(path)?token=\(token)&node_id=\(routes.telecom.server.server.id)&node_type=v2node"
      )
      #expect(answer.status == 200)
      #expect(answer.headers[.contentType] == "application/json")
      #expect(answer.text.contains(#""server_port":8388"#))
      #expect(answer.text.contains(#""base_config":{"push_interval":60,"pull_interval":60}"#))
      #expect(
        answer.text.contains(#""networkSettings":"#)
          && answer.text.contains(#""network_settings":"#)
      )
      #expect(answer.text.contains(#""cipher":"2022-blake3-aes-256-gcm""#))
    }
  }

  @Test func `config keeps its bytes and its tag until it changes`() async throws {
    try await withRoutes { routes in
      let first = try await routes.agent("config")
      let second = try await routes.agent("config", method: .post)
      #expect(first.body == second.body)
      let tag = try #require(first.tag)
      #expect(tag == second.tag)
      #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.utf8.count > 2)
      let moved = try NodeServer.Spec.shadowsocks(port: 9_000)
      _ = try await routes.telecom.telecom.process(
        UpdateNodeServer(id: routes.telecom.server.server.id, spec: moved),
        as: routes.telecom.admin
      )
      let third = try await routes.agent("config", headers: ["If-None-Match": tag])
      #expect(third.status == 200)
      #expect(third.tag != tag)
    }
  }

  @Test(arguments: ["config", "user"])
  func `a tag is recognised weakened, in a list and without quotes; an empty one names nothing`(
    action: String
  ) async throws {
    try await withRoutes { routes in
      let tag = try #require(try await routes.agent(action).tag)
      for known in [tag, "W/\(tag)", "\"other\", W/\(tag)", tag.filter { $0 != "\"" }] {
        let answer = try await routes.agent(action, headers: ["If-None-Match": known])
        #expect(answer.status == 304, "\(known)")
        #expect(answer.body.isEmpty)
        #expect(answer.tag == tag)
      }
      for unknown in ["", "\"\"", "\"other\"", "*"] {
        #expect(
          try await routes.agent(action, headers: ["If-None-Match": unknown]).status == 200,
          "\(unknown)"
        )
      }
    }
  }

  @Test func `a list without users has a placeholder that stays the same`() async throws {
    try await withRoutes { routes in
      let first = try await routes.agent("user")
      let list = try JSON.decode(UserList.self, from: first.body)
      #expect(list.users.map(\.id) == [1])
      #expect(try await routes.agent("user").body == first.body)
      let other = try await routes.telecom.telecom.process(
        CreateNodeServer(spec: try .shadowsocks(name: "2")),
        as: routes.telecom.admin
      )
      let foreign = try JSON.decode(
        UserList.self,
        from: try await routes.agent("user", of: other).body
      )
      #expect(foreign.users.map(\.uuid) != list.users.map(\.uuid))
    }
  }

  @Test func `a user comes with the package and leaves in the moment that it ends`() async throws {
    try await withRoutes { routes in
      let empty = try await routes.agent("user")
      let queued = try await routes.telecom.queue()
      let subscription = try await routes.telecom.subscription()
      let served = try await routes.agent("user", headers: ["If-None-Match": empty.tag ?? ""])
      #expect(served.status == 200)
      let users = try JSON.decode(UserList.self, from: served.body).users
      #expect(users.map(\.id) == [subscription.nodeUserID])
      #expect(users.map(\.speedLimit) == [100] && users.map(\.deviceLimit) == [3])
      #expect(users.allSatisfy { $0.uuid.utf8.count == 36 })

      routes.telecom.world.clock.advance(by: .seconds(30 * TelecomWorld.day))
      let ended = try await routes.agent("user", headers: ["If-None-Match": served.tag ?? ""])
      #expect(ended.status == 200)
      #expect(ended.tag != served.tag)
      #expect(ended.body == empty.body)
      #expect(try await routes.telecom.statuses(of: queued.subscription) == [.consumed])
    }
  }

  @Test func `an expired user is left out even while another transaction holds the subscription`()
    async throws
  {
    try await withRoutes { routes in
      let queued = try await routes.telecom.queue()
      let served = try await routes.agent("user")
      routes.telecom.world.clock.advance(by: .seconds(30 * TelecomWorld.day))
      try await routes.telecom.telecom.transaction { telecom in
        _ = try await telecom.process(Subscription.Lock(id: queued.subscription))
        let answer = try await withoutTransaction {
          try await routes.agent("user", headers: ["If-None-Match": served.tag ?? ""])
        }
        #expect(answer.status == 200)
        #expect(try JSON.decode(UserList.self, from: answer.body).users.map(\.id) == [1])
      }
    }
  }

  @Test func `a server that is switched off has no users`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let served = try await routes.agent("user")
      _ = try await routes.telecom.telecom.process(
        UpdateNodeServer(
          id: routes.telecom.server.server.id,
          spec: try .shadowsocks(enabled: false)
        ),
        as: routes.telecom.admin
      )
      let answer = try await routes.agent("user", headers: ["If-None-Match": served.tag ?? ""])
      #expect(answer.status == 200)
      #expect(try JSON.decode(UserList.self, from: answer.body).users.map(\.id) == [1])
    }
  }

  @Test func `v2node gets MessagePack, with a tag of its own`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let json = try await routes.agent("user")
      let packed = try await routes.agent(
        "user",
        type: "v2node",
        headers: ["X-Response-Format": "msgpack", "If-None-Match": json.tag ?? ""]
      )
      #expect(packed.status == 200)
      #expect(packed.headers[.contentType] == "application/x-msgpack")
      #expect(packed.tag != json.tag)
      // {users: array of 1 [map of 4 {id: …
      #expect(
        packed.body.starts(
          with: [0x81, 0xA5] + Array("users".utf8) + [0xDD, 0, 0, 0, 1, 0x84, 0xA2]
            + Array("id".utf8)
        )
      )
    }
  }

  @Test func `the time of a poll is noted at most every thirty seconds`() async throws {
    try await withRoutes { routes in
      func pulledAt() async throws -> Int64 {
        try await routes.telecom.world.number(
          "SELECT extract(epoch FROM last_pulled_at)::bigint FROM telecom.node_servers"
        )
      }
      let start = routes.telecom.now.seconds
      _ = try await routes.agent("user")
      #expect(try await pulledAt() == start)
      routes.telecom.world.clock.advance(by: .seconds(29))
      _ = try await routes.agent("user")
      #expect(try await pulledAt() == start)
      routes.telecom.world.clock.advance(by: .seconds(1))
      _ = try await routes.agent("user")
      #expect(try await pulledAt() == start + 30)
    }
  }
}

private struct UserList: Decodable {
  let users: [User]

  struct User: Decodable {
    let id: Int32
    let uuid: String
    let speedLimit: Int
    let deviceLimit: Int

    enum CodingKeys: String, CodingKey {
      case id, uuid
      case speedLimit = "speed_limit"
      case deviceLimit = "device_limit"
    }
  }
}

/// Runs `body` in a task that is in no transaction.
private func withoutTransaction<R: Sendable>(_ body: @escaping @Sendable () async throws -> R)
  async throws -> R
{
  try await Task.detached { try await body() }.value
}
