import AgentProtocols
import Foundation
import HTTPTypes
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct ModMuTests {
  @Test func `a node's information is what XrayR reads`() async throws {
    try await withModMu { node in
      let answer = try await node.get("nodes/\(node.id)/info")
      #expect(answer.status == 200)
      #expect(answer.headers[.contentType] == "application/json")
      let document = try answer.document()
      #expect(document["ret"] as? Int == 1)
      let data = try #require(document["data"] as? [String: Any])
      // Below 2023.2 XrayR would report its load, below 2021.11 read `server` as settings.
      let version = try #require(data["version"] as? String).split(separator: ".").compactMap {
        Int($0)
      }
      #expect(!version.lexicographicallyPrecedes([2023, 2]))
      #expect(data["sort"] as? Int == 14)
      #expect(data["server"] as? String == "oslo.example.com")
      #expect(data["node_speedlimit"] as? Int == 0 && data["traffic_rate"] as? Int == 1)
      let config = try #require(data["custom_config"] as? [String: Any])
      #expect(config["offset_port_node"] as? String == "8443")
      #expect(config["network"] as? String == "tcp")
    }
  }

  @Test(arguments: ["nodes/ID/info", "users", "func/detect_rules"])
  func `reads have a weak tag, and 304 for whoever has it`(path: String) async throws {
    try await withModMu { node in
      let path = path.replacing("ID", with: String(node.id))
      let first = try await node.get(path)
      let tag = try #require(first.tag)
      #expect(tag.hasPrefix("W/\"") && tag.hasSuffix("\""))
      let again = try await node.get(path, headers: ["If-None-Match": tag])
      #expect(again.status == 304 && again.body.isEmpty && again.tag == tag)
      for unknown in ["", "W/\"0\""] {
        let answer = try await node.get(path, headers: ["If-None-Match": unknown])
        #expect(answer.status == 200 && answer.body == first.body)
      }
    }
  }

  @Test func `users have what XrayR needs; an empty list is one, and takes everybody's access`()
    async throws
  {
    try await withModMu { node in
      #expect(try await node.get("users").text == #"{"ret":1,"data":[]}"#)
      try await node.routes.telecom.queue()
      let user = try await node.routes.telecom.subscription().nodeUserID
      let served = try await node.get("users")
      let list = try #require(try served.document()["data"] as? [[String: Any]])
      #expect(list.count == 1)
      let row = try #require(list.first)
      #expect(row["id"] as? Int == Int(user))
      #expect(
        (row["uuid"] as? String)?.count == 36 && row["passwd"] as? String == row["uuid"] as? String
      )
      #expect(row["port"] as? Int == 8_443 && row["method"] is String)
      #expect(
        row["node_speedlimit"] as? Int == 100 && row["node_iplimit"] as? Int == 3
          && row["alive_ip"] as? Int == 0
      )
      node.routes.telecom.world.clock.advance(by: .seconds(30 * TelecomWorld.day))
      let ended = try await node.get("users", headers: ["If-None-Match": served.tag ?? ""])
      #expect(ended.text == #"{"ret":1,"data":[]}"#)
    }
  }

  @Test func `addresses that nodes see are counted in alive_ip, and change the tag`() async throws {
    try await withModMu { node in
      try await node.routes.telecom.queue()
      let user = try await node.routes.telecom.subscription().nodeUserID
      let before = try await node.get("users")
      let body =
        #"{"data":[{"user_id":\#(user),"ip":"::ffff:203.0.113.1"},{"user_id":\#(user),"ip":"203.0.113.1"},"#
        + #"{"user_id":\#(user),"ip":"2001:db8::1"},{"user_id":99999999999,"ip":"203.0.113.9"},{"user_id":\#(user),"ip":7},3]}"#
      #expect(try await node.post("users/aliveip", body).text == #"{"ret":1,"msg":"ok"}"#)
      let after = try await node.get("users", headers: ["If-None-Match": before.tag ?? ""])
      let row = try #require((try after.document()["data"] as? [[String: Any]])?.first)
      #expect(row["alive_ip"] as? Int == 2)
    }
  }

  @Test func `traffic is kept once, at the factor of its coming, with odd rows set aside`()
    async throws
  {
    try await withModMu(factor: 1_500) { node in
      try await node.routes.telecom.queue()
      let user = try await node.routes.telecom.subscription().nodeUserID
      let body =
        #"{"data":[{"user_id":\#(user),"u":100,"d":50},{"d":-1,"user_id":\#(user)},{"user_id":1,"u":9,"d":9},"x","#
        + #"{"user_id":99999999999,"u":1,"d":1}]}"#
      for _ in 0..<3 {
        let answer = try await node.post("users/traffic", body)
        #expect(answer.status == 200 && answer.text == #"{"ret":1,"msg":"ok"}"#)
      }
      while try await node.routes.telecom.telecom.process(BillReports()) > 0 {}
      let active = try #require(try await node.routes.telecom.subscription().active)
      #expect(active.upload == 150 && active.download == 75)
      let world = node.routes.telecom.world
      #expect(
        try await world.number(
          "SELECT count(*) FROM telecom.traffic_set_aside WHERE reason = 'malformed'"
        ) == 3
      )
      #expect(
        try await world.number("SELECT count(*) FROM telecom.traffic_reports WHERE answered") == 1
      )
      #expect(
        try await world.number(
          "SELECT count(*) FROM telecom.node_servers WHERE last_pushed_at IS NOT NULL"
        ) == 1
      )
    }
  }

  @Test(arguments: [#"{"data":[]}"#, #"{"data":null}"#, #"{"more":{},"data":[]}"#])
  func `a report of nothing is answered and not kept`(body: String) async throws {
    try await withModMu { node in
      let answer = try await node.post("users/traffic", body)
      #expect(answer.text == #"{"ret":1,"msg":"ok"}"#)
      #expect(
        try await node.routes.telecom.world.number("SELECT count(*) FROM telecom.traffic_reports")
          == 0
      )
    }
  }

  @Test(arguments: ["users/traffic", "users/aliveip", "users/detectlog"])
  func `a write that is no such JSON at all is invalid data`(path: String) async throws {
    try await withModMu { node in
      for body in ["", "[", #"{"data":7}"#] {
        let answer = try await node.post(path, body)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"msg":"Invalid data.","ret":0}"#)
        #expect(answer.tag == nil)
      }
    }
  }

  @Test func `rules that block are told, and their hits are taken`() async throws {
    try await withModMu(routes: [
      NodeRoute(id: 7, match: ["regexp:(^|\\.)example\\.org$", "torrent"], action: .block),
      NodeRoute(id: 8, match: ["example.net"], action: .dns(server: "192.0.2.53")),
    ]) { node in
      let document = try await node.get("func/detect_rules").document()
      let rules = try #require(document["data"] as? [[String: Any]])
      #expect(document["ret"] as? Int == 1)
      #expect(rules.map { $0["id"] as? Int } == [7])
      #expect(rules.map { $0["regex"] as? String } == ["(^|\\.)example\\.org$|torrent"])
      #expect(
        rules.allSatisfy { $0["type"] is Int && $0["name"] is String && $0["text"] is String }
      )
      #expect(
        try await node.post(
          "users/detectlog",
          #"{"data":[{"list_id":7,"user_id":1001},{"list_id":9}]}"#
        ).text == #"{"ret":1,"msg":"ok"}"#
      )
    }
  }

  @Test func `ping is answered, and so is a load that is of no use`() async throws {
    try await withModMu { node in
      let pong = try await node.get("func/ping")
      #expect(pong.text == #"{"ret":1,"msg":"Pong? Pong!"}"#)
      #expect(
        try await node.post("nodes/\(node.id)/info", #"{"uptime":"1","load":"0.1 0.2 0.3"}"#).text
          == #"{"ret":1,"msg":"ok"}"#
      )
    }
  }

  @Test func `a key is one node's, in whichever of its two names`() async throws {
    try await withModMu { node in
      let calls: [(String, HTTPRequest.Method)] = [
        ("nodes/\(node.id)/info", .get), ("nodes/\(node.id)/info", .post), ("users", .get),
        ("users/traffic", .post),
        ("users/aliveip", .post), ("users/detectlog", .post), ("func/detect_rules", .get),
        ("func/ping", .get),
      ]
      for (path, method) in calls {
        for query in ["", "?key=", "?key=\(node.key)x", "?muKey=x&node_id=\(node.id)"] {
          let answer = try await node.routes.send("/mod_mu/\(path)\(query)", method: method)
          #expect(answer.status == 401, "\(path)\(query)")
          #expect(answer.text == #"{"msg":"Invalid request.","ret":0}"#)
          #expect(answer.tag == nil)
        }
      }
      let path = "/mod_mu/users"
      #expect(
        try await node.routes.send("\(path)?muKey=\(node.key)&node_id=\(node.id)").status == 200
      )
      #expect(try await node.routes.send("\(path)?key=\(node.key)").status == 200)
      for other in [String(node.id + 1), String(node.routes.telecom.server.server.id), "x", ""] {
        #expect(
          try await node.routes.send("\(path)?key=\(node.key)&node_id=\(other)").status == 401,
          "\(other)"
        )
      }
      #expect(
        try await node.get("nodes/\(node.routes.telecom.server.server.id)/info").status == 401
      )
    }
  }

  @Test func `a protocol that these agents lack is said in the envelope`() async throws {
    try await withRoutes { routes in
      let node = ModMuAgent(routes: routes, node: routes.telecom.server)
      let answer = try await node.get("nodes/\(node.id)/info")
      #expect(answer.status == 200 && answer.tag == nil)
      #expect(try answer.document()["ret"] as? Int == 0)
    }
  }
}

/// An agent of SSPanel that serves one node.
struct ModMuAgent {
  let routes: RouterClient
  let node: IssuedNodeServer

  var id: NodeServer.ID { node.server.id }
  var key: String { node.token.text }

  func get(_ path: String, headers: [String: String] = [:]) async throws -> RouterClient.Answer {
    try await routes.send("/mod_mu/\(path)?key=\(key)&muKey=\(key)\(query(path))", headers: headers)
  }

  func post(_ path: String, _ body: String) async throws -> RouterClient.Answer {
    try await routes.send(
      "/mod_mu/\(path)?key=\(key)&muKey=\(key)\(query(path))",
      method: .post,
      body: Array(body.utf8)
    )
  }

  /// Agents name their node with users alone.
  private func query(_ path: String) -> String { path.hasPrefix("users") ? "&node_id=\(id)" : "" }
}

extension RouterClient.Answer {
  func document() throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:]
  }
}

/// A Trojan server of the world's group, with an agent of SSPanel.
private func withModMu(
  factor: Int32 = 1_000,
  routes rules: [NodeRoute] = [],
  _ body: (ModMuAgent) async throws -> Void
) async throws {
  try await withRoutes { routes in
    let telecom = routes.telecom
    let settings = NodeServerSettings.trojan(
      TrojanServer(
        listener: Listener(port: 8_443),
        security: .tls(ServerTLS(serverName: "oslo.example.com"))
      )
    )
    let spec = try NodeServer.Spec(
      name: "Trojan",
      settings: settings,
      routes: rules,
      factorThousandths: factor,
      pushInterval: 60,
      pullInterval: 60
    )
    let node = try await telecom.telecom.process(CreateNodeServer(spec: spec), as: telecom.admin)
    _ = try await telecom.telecom.process(
      CreateNodeClient(
        spec: try NodeClient.Spec(
          server: node.server.id,
          name: "Oslo",
          host: "oslo.example.com",
          groups: [telecom.group.id]
        )
      ),
      as: telecom.admin
    )
    try await body(ModMuAgent(routes: routes, node: node))
  }
}
