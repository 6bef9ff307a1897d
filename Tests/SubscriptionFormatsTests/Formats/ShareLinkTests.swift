import AgentProtocols
import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@Suite struct ShareLinkTests {
  @Test func `mihomo reads a node of each protocol from the share links`() async throws {
    // mihomo has no naive.
    let samples = Samples.nodes.filter { $0.proxy != .naive }
    let nodes = try await MihomoReader.nodes(in: document(samples))
    // mihomo adds the port to the names of mieru's links, which may have several.
    #expect(nodes.map { $0.name.prefix { $0 != ":" } } == samples.map { $0.name[...] })
    #expect(nodes.map { $0.type.lowercased() } == samples.map(\.proxy.mihomoType))
  }

  @Test func `any name survives the trip through a link`() throws {
    let names = RandomNames.all + ["a+b", "50% #1", "ü/?&=", " leading and trailing "]
    let links = try links(names.map(Samples.shadowsocks(named:)))
    let read = links.map { link in
      DocumentReader.percentDecoded(link.drop { $0 != "#" }.dropFirst())
    }
    for (read, name) in zip(read, names) { #expect(read == Array(name.utf8)) }
    #expect(read.count == names.count)
  }

  @Test func `the parameters of a VLESS link with REALITY`() throws {
    let node = try Samples.node("vless-reality-vision")
    let components = try #require(URLComponents(string: link(node)))
    #expect(components.scheme == "vless")
    #expect(components.user == "2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31")
    #expect(components.host == "node.example.com")
    #expect(components.port == 8443)
    #expect(components.fragment == "vless-reality-vision")
    #expect(
      components.queryItems == [
        URLQueryItem(name: "encryption", value: "none"),
        URLQueryItem(name: "flow", value: "xtls-rprx-vision"),
        URLQueryItem(name: "type", value: "tcp"), URLQueryItem(name: "security", value: "reality"),
        URLQueryItem(name: "sni", value: "www.example.com"),
        URLQueryItem(name: "fp", value: "chrome"),
        URLQueryItem(name: "pbk", value: Samples.reality.publicKey),
        URLQueryItem(name: "sid", value: "0123456789abcdef"),
      ]
    )
  }

  @Test func `a Shadowsocks-2022 link has both keys percent-encoded`() throws {
    let node = try Samples.node("shadowsocks-2022-256")
    let components = try #require(URLComponents(string: link(node)))
    #expect(components.user == "2022-blake3-aes-256-gcm")
    let userKey = Data("2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e".utf8).base64EncodedString()
    #expect(components.password == "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=:\(userKey)")
  }

  @Test func `an IPv6 host stands in brackets`() throws {
    var node = Samples.shadowsocks(named: "six")
    node.host = "2001:db8::1"
    #expect(try link(node).contains("@[2001:db8::1]:443#six"))
  }

  @Test func `a VMess link is base64 of JSON strings`() throws {
    let node = try Samples.node("vmess-ws-tls")
    let link = try link(node)
    let json = try #require(Data(base64Encoded: String(link.dropFirst("vmess://".count))))
    let object = try #require(JSONSerialization.jsonObject(with: json) as? [String: String])
    #expect(object["id"] == "2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31")
    #expect(object["port"] == "8443")
    #expect(object["net"] == "ws")
    #expect(object["path"] == "/chat?x=1")
    #expect(object["host"] == "cdn.example.com")
  }

  private func document(_ nodes: [ProxyNode]) -> [UInt8] {
    PreparedDocument(nodes: nodes, format: .v2ray).body(for: Samples.credential)
  }

  private func link(_ node: ProxyNode) throws -> String {
    try #require(links([node]).first)
  }

  private func links(_ nodes: [ProxyNode]) throws -> [String] {
    let list = try #require(Data(base64Encoded: Data(document(nodes))))
    return String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

extension Proxy {
  var mihomoType: String {
    switch self {
    case .shadowsocks: "shadowsocks"
    case .vmess: "vmess"
    case .vless: "vless"
    case .trojan: "trojan"
    case .hysteria2: "hysteria2"
    case .tuic: "tuic"
    case .anytls: "anytls"
    case .socks: "socks5"
    case .http: "http"
    case .naive: "naive"
    case .mieru: "mieru"
    }
  }
}
