import AgentProtocols
import FieldViolations
import HTTPTypes
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct GlobalNodeTokenTests {
  private static let token = "legacy-token-of-the-whole-panel"

  private static var settings: TelecomSettings {
    var settings = TelecomSettings()
    settings.globalNodeToken = token
    return settings
  }

  private static let uniProxy: [(String, HTTPRequest.Method, String)] = [
    ("config", .get, ""), ("user", .get, ""), ("push", .post, "{}"), ("alive", .post, "{}"),
    ("alivelist", .get, ""),
    (
      "status", .post,
      #"{"cpu":1,"mem":{"total":2,"used":1},"swap":{"total":2,"used":1},"disk":{"total":2,"used":1}}"#
    ),
  ]

  private static let modMu: [(String, HTTPRequest.Method, String)] = [
    ("users", .get, ""), ("users/traffic", .post, #"{"data":[]}"#),
    ("users/aliveip", .post, #"{"data":[]}"#),
    ("users/detectlog", .post, #"{"data":[]}"#), ("func/detect_rules", .get, ""),
    ("func/ping", .get, ""),
  ]

  private func statuses(_ routes: RouterClient, token: String, type: String = "shadowsocks")
    async throws -> Set<Int>
  {
    let id = routes.telecom.server.server.id
    var statuses: Set<Int> = []
    for prefix in ["/api/v1/server/UniProxy", "/api/v2/server"] {
      for (action, method, body) in Self.uniProxy {
        let path = "\(prefix)/\(action)?token=\(token)&node_id=\(id)&node_type=\(type)"
        statuses.insert(try await routes.send(path, method: method, body: Array(body.utf8)).status)
      }
    }
    for (action, method, body) in Self.modMu {
      let node = action.hasPrefix("func/") ? "" : "&node_id=\(id)"
      let path = "/mod_mu/\(action)?key=\(token)&muKey=\(token)\(node)"
      statuses.insert(try await routes.send(path, method: method, body: Array(body.utf8)).status)
    }
    return statuses
  }

  @Test
  func
    `where it is switched on it opens every call of every node, and the node's own token still does`()
    async throws
  {
    try await withRoutes(settings: Self.settings) { routes in
      try await routes.telecom.queue()
      #expect(try await statuses(routes, token: Self.token) == [200])
      #expect(
        try await statuses(routes, token: routes.telecom.server.token.text) == [200]
      )
      let second = try await routes.telecom.telecom.process(
        CreateNodeServer(spec: try .shadowsocks(name: "2")),
        as: routes.telecom.admin
      )
      let config = try await routes.send(
        "/api/v1/server/UniProxy/config?token=\(Self.token)&node_id=\(second.server.id)&node_type=shadowsocks"
      )
      #expect(config.status == 200)
      let first = try await routes.agent("user")
      let path =
        "/api/v1/server/UniProxy/user?token=\(Self.token)&node_id=\(routes.telecom.server.server.id)&node_type=shadowsocks"
      let users = try await routes.send(path)
      #expect(users.body == first.body && users.tag == first.tag)
      #expect(
        try await routes.send(path, headers: ["If-None-Match": first.tag ?? ""]).status == 304
      )
    }
  }

  @Test func `it is off by default, and nothing else opens a node`() async throws {
    try await withRoutes { routes async throws in
      #expect(try await statuses(routes, token: Self.token) == [401])
      #expect(
        try await statuses(routes, token: routes.telecom.server.token.text) == [200]
      )
      #expect(
        try await routes.send(
          "/api/v1/server/UniProxy/config?token=&node_id=\(routes.telecom.server.server.id)"
        ).status == 422
      )
    }
    try await withRoutes(settings: Self.settings) { routes async throws in
      #expect(try await statuses(routes, token: Self.token + "x") == [401])
      let id = routes.telecom.server.server.id
      #expect(
        try await routes.send(
          "/api/v1/server/UniProxy/config?token=\(Self.token)&node_id=\(id + 7)"
        ).status == 401
      )
      #expect(
        try await routes.send(
          "/api/v1/server/UniProxy/config?token=\(Self.token)&node_id=\(id)&node_type=trojan"
        ).status == 422
      )
      #expect(
        try await routes.send("/api/v1/server/UniProxy/config?token=\(Self.token)").status == 422
      )
      // These name their node alone, which a token of all can't.
      #expect(try await routes.send("/mod_mu/users?key=\(Self.token)").status == 401)
      #expect(
        try await routes.send("/mod_mu/func/detect_rules?key=\(Self.token)").text
          == #"{"ret":1,"data":[]}"#
      )
    }
  }

  @Test func `a short one is refused, a set one is warned of and never shown`() throws {
    var settings = TelecomSettings()
    #expect(settings.warnings.isEmpty)
    for token in ["fifteen-letters", "sixteen letters!", String(repeating: "a", count: 201)] {
      settings.globalNodeToken = token
      #expect(settings.violations().map(\.field) == ["global_node_token"])
    }
    settings.globalNodeToken = Self.token
    #expect(settings.violations().isEmpty)
    #expect(settings.warnings.count == 1)
    #expect(!settings.warnings[0].contains(Self.token))
    #expect(TelecomSettings.secrets.count == 1)
    #expect(try JSON.decode(TelecomSettings.self, from: JSON.encode(settings)) == settings)
  }
}
