import AgentProtocols
import FoundationEssentials
import HTTPTypes
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct NodeAccessTests {
  @Test
  func `an agent that names no node or no protocol is told every fault, as JSON and without a tag`()
    async throws
  {
    try await withRoutes { routes in
      let answer = try await routes.send(
        "/api/v1/server/UniProxy/config?node_id=x&node_type=carrier-pigeon"
      )
      #expect(answer.status == 422)
      #expect(answer.tag == nil)
      let message = try #require(answer.message)
      #expect(
        message.contains("node_id") && message.contains("token") && message.contains("node_type")
      )
    }
  }

  @Test func `a wrong token and an unknown node have the same answer`() async throws {
    try await withRoutes { routes in
      let id = routes.telecom.server.server.id
      let token = routes.telecom.server.token.text
      for action in ["config", "user", "push", "alive", "alivelist", "status"] {
        let wrong = try await routes.send(
          "/api/v1/server/UniProxy/\(action)?token=\(token)x&node_id=\(id)",
          method: .post
        )
        let unknown = try await routes.send(
          "/api/v1/server/UniProxy/\(action)?token=\(token)&node_id=\(id + 1)",
          method: .post
        )
        #expect(wrong.status == 401)
        #expect(wrong.body == unknown.body && unknown.status == 401)
        #expect(wrong.message != nil && wrong.tag == nil)
      }
    }
  }

  @Test(arguments: [nil, "", "shadowsocks", "Shadowsocks", "v2node"])
  func `an agent may say its protocol, or leave it to the server`(type: String?) async throws {
    try await withRoutes { routes in
      let answer = try await routes.agent("config", type: type)
      #expect(answer.status == 200)
    }
  }

  @Test func `another protocol than the server's is refused`() async throws {
    try await withRoutes { routes in
      let answer = try await routes.agent("user", type: "trojan")
      #expect(answer.status == 422)
      #expect(answer.message == "other node type")
      #expect(answer.tag == nil)
    }
  }

  @Test(arguments: [
    ("v2ray", NodeServerSettings.ProtocolName.vmess), ("hysteria", .hysteria2),
    ("hysteria2", .hysteria2), ("vless", .vless),
  ])
  func `agents have other names for protocols`(
    name: String,
    protocolName: NodeServerSettings.ProtocolName
  ) throws {
    #expect(try NodeCredentials(nodeID: "1", token: "t", nodeType: name).type == protocolName)
  }

  @Test func `a token that was replaced is refused`() async throws {
    try await withRoutes { routes in
      let server = routes.telecom.server.server
      let token = try await routes.telecom.telecom.process(
        RotateNodeServerToken(id: server.id),
        as: routes.telecom.admin
      )
      #expect(try await routes.agent("config").status == 401)
      #expect(
        try await routes.agent("config", of: IssuedNodeServer(server: server, token: token)).status
          == 200
      )
    }
  }
}
