import AgentProtocols
import Foundation
import HTTPEdge
import HTTPTypes
import Hummingbird
import Logging
import Platform
import Postgres
import SubscriptionFormats
import Testing
import WorldKit

@testable import Telecom

/// What agents of every family rely on, line by line: each is a way in which one of them stops,
/// crashes or loses traffic.
@Suite struct ConformanceTests {
  private static let settings: [NodeServerSettings] =
    NodeServerSettingsProtoTests.samples + [
      .vless(
        VLESSServer(
          listener: Listener(port: 443),
          flow: .vision,
          security: .reality(
            ServerReality(serverName: "www.example.com", privateKey: "", publicKey: "", shortID: "")
          )
        )
      )
    ]

  @Test(arguments: settings)
  func `1: numbers are JSON numbers, and REALITY's port and xver are strings`(
    settings: NodeServerSettings
  ) async throws {
    try await withConfig(of: settings) { config in
      for key in ["server_port", "tls", "up_mbps", "down_mbps", "version"] where config[key] != nil
      {
        #expect(config[key] is Int, "\(key)")
      }
      #expect((config["server_port"] as? Int ?? 0) > 0)
      #expect(IPAddress.isValid(config["listen_ip"] as? String ?? ""))
      guard config["tls"] as? Int == 2, let reality = config["tls_settings"] as? [String: Any]
      else { return }
      #expect(reality["server_port"] as? String == "443")
      #expect(reality["xver"] as? String == "0")
    }
  }

  @Test(arguments: settings)
  func `2: the network's settings stand under both names, as one object`(
    settings: NodeServerSettings
  ) async throws {
    try await withConfig(of: settings) { config in
      guard config["network"] != nil else { return }
      let first = try #require(config["networkSettings"] as? NSDictionary)
      #expect(config["network_settings"] as? NSDictionary == first)
    }
  }

  @Test(arguments: settings)
  func `3: base_config is always there, and is no busy loop`(settings: NodeServerSettings)
    async throws
  {
    try await withConfig(of: settings) { config in
      let base = try #require(config["base_config"] as? [String: Any])
      #expect(base["push_interval"] as? Int == 60 && base["pull_interval"] as? Int == 60)
      #expect(throws: InvalidInput.self) {
        try NodeServer.Spec(name: "x", settings: settings, pushInterval: 0, pullInterval: 0)
      }
    }
  }

  @Test func `4: a route's match is an array, and only RE2 is an expression`() async throws {
    try await withRoutes { routes in
      let rules = [
        NodeRoute(id: 1, match: ["example\\.com", "regexp:torrent"], action: .block),
        NodeRoute(id: 2, match: ["example.net"], action: .dns(server: "192.0.2.53")),
      ]
      let spec = try NodeServer.Spec.shadowsocks(routes: rules)
      let before = try await routes.agent("config")
      #expect(try before.document()["routes"] == nil)
      let server = try await routes.telecom.telecom.process(
        UpdateNodeServer(id: routes.telecom.server.server.id, spec: spec),
        as: routes.telecom.admin
      )
      #expect(server.spec.routes == rules)
      let after = try await routes.agent("config", headers: ["If-None-Match": before.tag ?? ""])
      let told = try #require(try after.document()["routes"] as? [[String: Any]])
      #expect(
        told.map { $0["match"] as? [String] } == [
          ["example\\.com", "regexp:torrent"], ["example.net"],
        ]
      )
      #expect(told.map { $0["action"] as? String } == ["block", "dns"])
      #expect(told.map { $0["action_value"] as? String } == [nil, "192.0.2.53"])

      for wrong in [
        NodeRoute(id: 1, match: ["(?=x)"], action: .block),
        NodeRoute(id: 1, match: [""], action: .block),
        NodeRoute(id: 1, match: [], action: .dns(server: "192.0.2.53")),
        NodeRoute(id: 0, match: ["x"], action: .block),
      ] {
        #expect(throws: InvalidInput.self) { try NodeServer.Spec.shadowsocks(routes: [wrong]) }
      }
      #expect(throws: InvalidInput.self) {
        try NodeServer.Spec.shadowsocks(routes: [rules[0], rules[0]])
      }
    }
  }

  @Test func `5: the last user leaves, for the list is never empty`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let user = try await routes.telecom.subscription().nodeUserID
      #expect(try await routes.agent("user").userIDs() == [user])
      routes.telecom.world.clock.advance(by: .seconds(30 * TelecomWorld.day))
      #expect(try await routes.agent("user").userIDs() == [1])
      // What an agent reports of it is nobody's.
      #expect(try await routes.push(#"{"1":[5,5]}"#).status == 200)
      #expect(
        try await routes.telecom.world.number("SELECT count(*) FROM telecom.traffic_reports") == 0
      )
    }
  }

  @Test(arguments: ["config", "user"])
  func `6: tags are quoted and stable, on 200 and 304 alone, and match weakly`(action: String)
    async throws
  {
    try await withRoutes { routes in
      let first = try await routes.agent(action)
      let tag = try #require(first.tag)
      #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
      routes.telecom.world.clock.advance(by: .seconds(3_600))
      let second = try await routes.agent(action, headers: ["If-None-Match": ""])
      #expect(second.status == 200 && second.body == first.body && second.tag == tag)
      for known in [tag, "W/\(tag)", "\"a\", W/\(tag)", tag.filter { $0 != "\"" }] {
        let answer = try await routes.agent(action, headers: ["If-None-Match": known])
        #expect(answer.status == 304 && answer.body.isEmpty && answer.tag == tag)
      }
      #expect(
        try await routes.agent(action, type: "trojan", headers: ["If-None-Match": tag]).tag == nil
      )
    }
  }

  @Test func `7: alive is an object, even without users`() async throws {
    try await withRoutes { routes in
      let list = try await routes.agent("alivelist")
      #expect(list.text == #"{"alive":{}}"#)
      // What agents of wyx post when nobody is there.
      for body in ["{}", "null"] {
        #expect(
          try await routes.agent("alive", method: .post, body: body).text == #"{"data":true}"#
        )
      }
    }
  }

  @Test(arguments: ["/api/v1/server/UniProxy/user", "/api/v2/server/user"])
  func `8: MessagePack comes where it is asked for`(path: String) async throws {
    try await withRoutes { routes in
      let query =
        "?token=\(routes.telecom.server.token.text)&node_id=\(routes.telecom.server.server.id)&node_type=v2node"
      let packed = try await routes.send(path + query, headers: ["X-Response-Format": "msgpack"])
      #expect(packed.headers[.contentType] == "application/x-msgpack")
      #expect(packed.body.starts(with: [0x81, 0xA5] + Array("users".utf8)))
      let plain = try await routes.send(path + query)
      #expect(
        plain.headers[.contentType] == "application/json" && plain.text.hasPrefix(#"{"users":["#)
      )
    }
  }

  @Test func `9: a push is durable before it is answered, has a JSON answer, and counts once`()
    async throws
  {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let user = try await routes.telecom.subscription().nodeUserID
      let body = "{\"\(user)\":[100,50]}"
      let open = try await routes.open("push", method: .post, body: body)
      #expect(
        try await routes.telecom.world.number("SELECT count(*) FROM telecom.traffic_reports") == 1
      )
      let answer = try await open.write()
      #expect(answer.status == 200 && answer.text == #"{"data":true}"#)
      #expect(try await routes.push(body).status == 200)
      while try await routes.telecom.telecom.process(BillReports()) > 0 {}
      #expect(try await routes.telecom.subscription().active?.upload == 100)
      // An unknown user or an odd row would be sent for ever if it were refused.
      #expect(try await routes.push(#"{"999999":[1,1],"x":[-1]}"#).status == 200)
    }
  }

  @Test func `10: every name that agents have for a protocol is accepted`() async throws {
    let names: [String: NodeServerSettings.ProtocolName] = [
      "vmess": .vmess, "v2ray": .vmess, "V2ray": .vmess, "vless": .vless, "trojan": .trojan,
      "shadowsocks": .shadowsocks,
      "hysteria": .hysteria2, "hysteria2": .hysteria2, "tuic": .tuic, "anytls": .anytls,
      "socks": .socks, "http": .http, "naive": .naive,
      "mieru": .mieru,
    ]
    for (name, expected) in names {
      #expect(try NodeCredentials(nodeID: "1", token: "t", nodeType: name).type == expected)
    }
    for name in ["v2node", "", nil] {
      #expect(try NodeCredentials(nodeID: "1", token: "t", nodeType: name).type == nil)
    }
  }

  @Test func `11: a token is its node's alone`() async throws {
    try await withRoutes { routes in
      let second = try await routes.telecom.telecom.process(
        CreateNodeServer(spec: try .shadowsocks(name: "2")),
        as: routes.telecom.admin
      )
      let swapped = IssuedNodeServer(server: second.server, token: routes.telecom.server.token)
      #expect(try await routes.agent("config", of: second).status == 200)
      #expect(try await routes.agent("config", of: swapped).status == 401)
      let token = second.token.text
      for wrong in [String(token.dropLast()), token + "A", token.uppercased()] {
        let path = "/api/v1/server/UniProxy/config?token=\(wrong)&node_id=\(second.server.id)"
        #expect(try await routes.send(path).status == 401)
      }
    }
  }

  @Test
  func
    `12: mod_mu has a version from 2023_2 on, a port in text, and a number that says how it went`()
    async throws
  {
    try await withRoutes { routes in
      let spec = try NodeServer.Spec(
        name: "VMess",
        settings: .vmess(VMessServer(listener: Listener(port: 10_443))),
        pushInterval: 60,
        pullInterval: 60
      )
      let node = try await routes.telecom.telecom.process(
        CreateNodeServer(spec: spec),
        as: routes.telecom.admin
      )
      let document = try await ModMuAgent(routes: routes, node: node).get(
        "nodes/\(node.server.id)/info"
      ).document()
      #expect(document["ret"] as? Int == 1)
      let data = try #require(document["data"] as? [String: Any])
      #expect(
        (data["version"] as? String ?? "").split(separator: ".").compactMap { Int($0) }
          .lexicographicallyPrecedes([2023, 2]) == false
      )
      #expect((data["custom_config"] as? [String: Any])?["offset_port_node"] as? String == "10443")
    }
  }
}

/// A way to write failures, and the key under which it puts the message.

private func withConfig(
  of settings: NodeServerSettings,
  _ body: ([String: Any]) async throws -> Void
) async throws {
  try await withRoutes { routes in
    let spec = try NodeServer.Spec(
      name: "x",
      settings: settings,
      pushInterval: 60,
      pullInterval: 60
    )
    let node = try await routes.telecom.telecom.process(
      CreateNodeServer(spec: spec),
      as: routes.telecom.admin
    )
    let answer = try await routes.agent("config", of: node, type: settings.protocolName.rawValue)
    #expect(answer.status == 200)
    try await body(try answer.document())
  }
}

private enum IPAddress {
  static func isValid(_ text: String) -> Bool {
    var v4 = in_addr()
    var v6 = in6_addr()
    return inet_pton(AF_INET, text, &v4) == 1 || inet_pton(AF_INET6, text, &v6) == 1
  }
}

extension RouterClient.Answer {
  fileprivate func userIDs() throws -> [Int32] {
    let users = try #require(try document()["users"] as? [[String: Any]])
    return users.compactMap { ($0["id"] as? Int).map(Int32.init) }
  }
}
