import AgentProtocols
import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

/// Surge, Surfboard, Loon and Quantumult X, read by a parser of the tests' own.
@Suite struct LineFormatTests {
  private let uuid = "2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31"

  @Test func `Surge gets what it has and nothing else`() throws {
    let nodes = try read(.surge)
    #expect(
      nodes.map(\.name) == [
        "shadowsocks", "shadowsocks-2022-128", "shadowsocks-2022-256", "vmess-tcp", "vmess-ws-tls",
        "trojan", "hysteria2", "tuic", "anytls",
        "shadowsocks-obfs", "trojan-ws", "hysteria2-hopping", "socks", "http", "http-tls",
      ]
    )
    let vmess = try #require(nodes.first { $0.name == "vmess-ws-tls" })
    #expect(
      vmess.options == [
        "username": uuid, "vmess-aead": "true", "tls": "true", "sni": "cdn.example.com",
        "ws": "true", "ws-path": "/chat?x=1",
        "ws-headers": "Host:cdn.example.com",
      ]
    )
    let hopping = try #require(nodes.first { $0.name == "hysteria2-hopping" })
    #expect(hopping.options["port-hopping"] == "20000-30000")
    #expect(hopping.options["port-hopping-interval"] == "15")
    #expect(nodes.first { $0.name == "http-tls" }?.values == [uuid, uuid])
  }

  @Test func `Surfboard has neither QUIC nor the 2022 ciphers`() throws {
    #expect(
      try read(.surfboard).map(\.name) == [
        "shadowsocks", "vmess-tcp", "vmess-ws-tls", "trojan", "anytls", "shadowsocks-obfs",
        "trojan-ws", "socks", "http", "http-tls",
      ]
    )
  }

  @Test func `Loon has VLESS with REALITY and Vision`() throws {
    let nodes = try read(.loon)
    let reality = try #require(nodes.first { $0.name == "vless-reality-vision" })
    #expect(reality.type == "VLESS")
    #expect(reality.values == [uuid])
    #expect(
      reality.options == [
        "transport": "tcp", "flow": "xtls-rprx-vision", "public-key": Samples.reality.publicKey,
        "short-id": "0123456789abcdef",
        "over-tls": "true", "sni": "www.example.com", "udp": "true",
      ]
    )
    let obfuscated = try #require(nodes.first { $0.name == "hysteria2-obfuscated" })
    #expect(obfuscated.options["salamander-password"] == "p#s&w=rd")
    #expect(
      !nodes.contains {
        ["tuic", "mieru", "naive", "vless-xhttp-tls", "vless-grpc-reality"].contains($0.name)
      }
    )
  }

  @Test func `Quantumult X says in one word whether a stream is TLS, WebSocket or both`() throws {
    let nodes = try read(.quantumultX)
    #expect(nodes.first { $0.name == "vmess-tcp" }?.options["obfs"] == nil)
    #expect(nodes.first { $0.name == "vmess-ws-tls" }?.options["obfs"] == "wss")
    #expect(nodes.first { $0.name == "vless-vision-tls" }?.options["obfs"] == "over-tls")
    #expect(nodes.first { $0.name == "shadowsocks-websocket" }?.options["obfs"] == "wss")
    let reality = try #require(nodes.first { $0.name == "vless-reality-vision" })
    #expect(reality.options["reality-base64-pubkey"] == Samples.reality.publicKey)
    #expect(reality.options["vless-flow"] == "xtls-rprx-vision")
    #expect(
      !nodes.contains {
        $0.type == "shadowsocks" && $0.options["method"]?.hasPrefix("2022") == true
      }
    )
  }

  @Test(arguments: [SubscriptionFormat.surge, .surfboard, .loon, .quantumultX])
  func `settings of any text leave every line whole, or the node out`(format: SubscriptionFormat)
    throws
  {
    var nodes: [ProxyNode] = []
    for text in RandomNames.all {
      let endpoint = HTTPEndpoint(path: "/" + text, host: text)
      nodes.append(
        ProxyNode(
          name: "ws",
          host: "node.example.com",
          port: 1,
          proxy: .vmess,
          transport: .webSocket(endpoint),
          security: .tls(TLSSettings(serverName: text))
        )
      )
      nodes.append(
        ProxyNode(
          name: "hy",
          host: "node.example.com",
          port: 2,
          proxy: .hysteria2(obfuscationPassword: text)
        )
      )
      nodes.append(
        ProxyNode(
          name: "obfs",
          host: "node.example.com",
          port: 3,
          proxy: .shadowsocks(.aes128GCM, serverKey: nil, plugin: .obfs(.http, host: text))
        )
      )
    }
    nodes.append(Samples.shadowsocks(named: "last"))
    let read = try DocumentReader.nodes(
      PreparedDocument(nodes: nodes, format: format).body(for: Samples.credential),
      format
    )
    #expect(read.last?.name == "last")
    #expect(read.allSatisfy { $0.host == "node.example.com" })
    #expect(Set(read.map(\.name)).count == read.count)
    let texts = Set(RandomNames.all)
    for node in read.dropLast() {
      let path =
        node.options["ws-path"] ?? node.options["path"]
        ?? (node.type == "vmess" ? node.options["obfs-uri"] : nil)
      let text =
        path.map { String($0.dropFirst()) } ?? node.options["salamander-password"]
        ?? node.options["obfs-host"]
      #expect(texts.contains(text ?? ""), "\(node)")
    }
  }

  @Test func `Outline gets the first server that it has the cipher of`() throws {
    let document = PreparedDocument(nodes: Array(Samples.nodes.dropFirst()), format: .outline).body(
      for: Samples.credential
    )
    let object = try #require(JSONSerialization.jsonObject(with: Data(document)) as? [String: Any])
    #expect(object["tag"] as? String == SubscriptionNotice.unsupportedClient.text)
    let first = PreparedDocument(nodes: Samples.nodes, format: .outline).body(
      for: Samples.credential
    )
    let server = try #require(JSONSerialization.jsonObject(with: Data(first)) as? [String: Any])
    #expect(server["method"] as? String == "chacha20-ietf-poly1305")
    #expect(server["password"] as? String == uuid)
    #expect(server["server_port"] as? Int == 8443)
  }

  private func read(_ format: SubscriptionFormat) throws -> [DocumentReader.Node] {
    try DocumentReader.nodes(
      PreparedDocument(nodes: Samples.nodes, format: format).body(for: Samples.credential),
      format
    )
  }
}
