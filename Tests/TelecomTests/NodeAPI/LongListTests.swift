import AgentProtocols
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Platform
import SubscriptionFormats
import Synchronization
import Testing
import WorldKit

@testable import Telecom

/// User lists of more than one piece.
@Suite struct LongListTests {
  /// Two pieces and a half.
  private static let users = 2_500

  /// Puts users into the world's group, each with a package.
  private func fill(_ routes: RouterClient, _ count: Int = users) async throws {
    let world = routes.telecom.world
    try await world.execute(
      """
      INSERT INTO telecom.subscriptions (id, account_id, is_first, credential, link_token, created_at)
      SELECT gen_random_uuid(), gen_random_uuid(), true, gen_random_uuid(), sha256(n::text::bytea), now()
      FROM generate_series(1, \(count)) n
      """
    )
    try await world.execute(
      """
      INSERT INTO telecom.package_queue (id, subscription_id, package_id, order_line, status, created_at, activated_at, expires_at)
      SELECT gen_random_uuid(), s.id, p.id, 1, 'active', now(), now(), 'infinity' FROM telecom.subscriptions s, telecom.packages p
      """
    )
    try await world.execute("UPDATE telecom.node_groups SET version = version + 1")
  }

  private func modMu(_ routes: RouterClient) -> String {
    "/mod_mu/users?node_id=\(routes.telecom.server.server.id)&key=\(routes.telecom.server.token.text)"
  }

  @Test func `every dialect names every user once`() async throws {
    try await withRoutes { routes in
      try await fill(routes)
      let stored = Set(try await routes.telecom.users().map(\.nodeUserID))
      #expect(stored.count == Self.users)
      let json = try JSON.decode(UniProxyList.self, from: try await routes.agent("user").body).users
        .map(\.id)
      #expect(json.count == Self.users && Set(json) == stored)
      let modMu = try JSON.decode(ModMuList.self, from: try await routes.send(modMu(routes)).body)
        .data.map(\.id)
      #expect(modMu.count == Self.users && Set(modMu) == stored)
      let packed = try await routes.agent(
        "user",
        type: "v2node",
        headers: ["X-Response-Format": "msgpack"]
      ).body
      let count = Array(packed[7..<12])
      #expect(count == [0xDD] + withUnsafeBytes(of: UInt32(Self.users).bigEndian) { Array($0) })
      #expect(packed.split(separator: Array("uuid".utf8)).count == Self.users + 1)
    }
  }

  @Test func `a list that can't be read whole is no list`() async throws {
    try await withRoutes { routes in
      try await fill(routes)
      // The sum of this one's traffic is no bigint: the statement fails when it comes to it.
      try await routes.telecom.world.execute(
        """
        UPDATE telecom.package_queue SET upload = 9000000000000000000, download = 9000000000000000000 WHERE id = (
          SELECT q.id FROM telecom.package_queue q JOIN telecom.subscriptions s ON s.id = q.subscription_id
          ORDER BY s.node_user_id DESC LIMIT 1)
        """
      )
      for path in [routes.userPath, modMu(routes)] {
        let answer = try await routes.send(path)
        #expect(answer.status == 500)
        #expect(answer.tag == nil)
        #expect(!answer.text.contains("uuid"))
      }
    }
  }

  @Test
  func `a piece is made when the one before was taken, and a connection that breaks gets no end`()
    async throws
  {
    try await withRoutes { routes in
      try await fill(routes)
      let answer = try await routes.open("user", method: .get, body: "")
      let connection = BreakingConnection(takes: 2)
      await #expect(throws: BreakingConnection.Broken.self) {
        try await answer.response.body.write(connection)
      }
      #expect(connection.pieces == 2)
      #expect(!connection.isFinished)
    }
  }

  @Test func `lists of one tag have the same users, while others come and go`() async throws {
    try await withRoutes { routes in
      try await fill(routes)
      let seen = Mutex<[String: Set<Int32>]>([:])
      let errors = await race(4) { worker in
        for round in 0..<15 {
          if worker == 0 {
            try await routes.telecom.world.execute(
              """
              WITH changed AS (UPDATE telecom.subscriptions SET suspended = NOT suspended WHERE node_user_id % 7 = \(round % 7))
              UPDATE telecom.node_groups SET version = version + 1
              """
            )
            continue
          }
          let answer = try await routes.agent("user")
          let users = Set(try JSON.decode(UniProxyList.self, from: answer.body).users.map(\.id))
          let first = seen.withLock { seen in
            if seen[answer.tag ?? ""] == nil { seen[answer.tag ?? ""] = users }
            return seen[answer.tag ?? ""]
          }
          #expect(first == users)
        }
      }.failed
      #expect(errors.isEmpty)
      let last = try await routes.agent("user")
      #expect(
        Set(try JSON.decode(UniProxyList.self, from: last.body).users.map(\.id))
          == Set(try await routes.telecom.users().map(\.nodeUserID))
      )
    }
  }

  @Test func `the nodes of a group share one list, each with its own tag`() async throws {
    try await withRoutes { routes in
      try await fill(routes)
      let other = try await routes.telecom.telecom.process(
        CreateNodeServer(spec: try .shadowsocks(name: "2")),
        as: routes.telecom.admin
      )
      _ = try await routes.telecom.telecom.process(
        CreateNodeClient(
          spec: try NodeClient.Spec(
            server: other.server.id,
            name: "2",
            host: "2.example.com",
            groups: [routes.telecom.group.id]
          )
        ),
        as: routes.telecom.admin
      )
      let first = try await routes.agent("user")
      let second = try await routes.agent("user", of: other)
      #expect(first.body == second.body)
      #expect(first.tag != second.tag)
    }
  }
}

@Suite struct NodeUserListCacheTests {
  private func list(_ count: Int) -> NodeUserList {
    var list = NodeUserList()
    list.append(
      (0..<count).map {
        NodeUser(
          id: Int64($0 + 1_001),
          credential: Credential(uuid: UUID()),
          speedLimit: 0,
          deviceLimit: 0
        )
      }
    )
    return list
  }

  private func key(_ group: NodeGroup.ID, _ version: Int64) -> NodeUserListCache.Key {
    NodeUserListCache.Key(groups: [group], versions: [version])
  }

  @Test func `a list is found under its versions alone, and never replaced by an earlier one`() {
    let (cache, group) = (NodeUserListCache(), NodeGroup.ID(UUID()))
    cache.keep(list(2), key(group, 2))
    cache.keep(list(1), key(group, 1))
    #expect(cache.find(key(group, 1)) == nil)
    #expect(cache.find(key(group, 2))?.count == 2)
    cache.keep(list(3), key(group, 3))
    #expect(cache.find(key(group, 2)) == nil)
    #expect(cache.find(key(group, 3))?.count == 3)
    #expect(cache.count == 1)
  }

  @Test func `the list that was used longest ago leaves first`() {
    let cache = NodeUserListCache(maxUsers: 10)
    let groups = (0..<3).map { _ in NodeGroup.ID(UUID()) }
    cache.keep(list(4), key(groups[0], 1))
    cache.keep(list(4), key(groups[1], 1))
    #expect(cache.find(key(groups[0], 1)) != nil)
    cache.keep(list(4), key(groups[2], 1))
    #expect(cache.find(key(groups[0], 1)) != nil)
    #expect(cache.find(key(groups[1], 1)) == nil)
    cache.keep(list(11), key(groups[2], 2))
    #expect(cache.find(key(groups[0], 1)) != nil && cache.count == 1)
  }
}

private struct UniProxyList: Decodable {
  let users: [User]

  struct User: Decodable { let id: Int32 }
}

private struct ModMuList: Decodable {
  let data: [User]

  struct User: Decodable { let id: Int32 }
}

/// A connection that takes so many pieces and then is gone.
private final class BreakingConnection: ResponseBodyWriter {
  struct Broken: Error {}

  private let takes: Int
  private let state = Mutex((pieces: 0, isFinished: false))

  init(takes: Int) {
    self.takes = takes
  }

  var pieces: Int { state.withLock { $0.pieces } }
  var isFinished: Bool { state.withLock { $0.isFinished } }

  func write(_ buffer: ByteBuffer) async throws {
    let isGone = state.withLock { state in
      if state.pieces == takes { return true }
      state.pieces += 1
      return false
    }
    if isGone { throw Broken() }
  }

  func finish(_ trailingHeaders: HTTPFields?) async throws {
    state.withLock { $0.isFinished = true }
  }
}

extension RouterClient {
  fileprivate var userPath: String {
    "/api/v1/server/UniProxy/user?token=\(telecom.server.token.text)&node_id=\(telecom.server.server.id)"
  }
}
