import AgentProtocols
import FieldViolations
import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@Suite struct NodeServerSettingsTests {
  @Test(arguments: Samples.servers.map(\.name))
  func `stored settings are as their golden file has them, and are read back`(name: String) throws {
    let settings = try Samples.settings(name)
    try settings.validate()
    try Golden.expect(settings.json(), equal: "settings/\(name).json")
    #expect(try NodeServerSettings(json: settings.json()) == settings)
  }

  @Test func `every protocol has a sample`() {
    let sampled = Samples.servers.map(\.settings.protocolName)
    #expect(Set(sampled) == Set(NodeServerSettings.ProtocolName.allCases))
  }

  @Test func `what may be left out has a default`() throws {
    let vless = try NodeServerSettings(
      json: #"""
        {"protocol": "vless", "server_port": 443, "security": {"type": "reality", "server_name": "www.example.com",
         "private_key": "MMX7m0Mj3faUstoEm5NBdegeXkHG6ZB78xzBv2n3ZUA", "public_key": "1zwxn8VQ0CPRO7ixB3C2ABoAsWsHmHSzXU-bQVIWnHQ",
         "short_id": "0123456789abcdef"}}
        """#.utf8
    )
    #expect(
      vless
        == .vless(VLESSServer(listener: Listener(port: 443), security: .reality(Samples.reality)))
    )
    let anytls = try NodeServerSettings(
      json:
        #"{"protocol": "anytls", "server_port": 8443, "tls": {"server_name": "node.example.com"}}"#
        .utf8
    )
    #expect(anytls == .anytls(AnyTLSServer(listener: Samples.listener, tls: Samples.tls)))
  }

  @Test(arguments: [
    ("[]", ["settings"]),
    ("{", ["settings"]),
    ("{}", ["protocol"]),
    (#"{"protocol": "wireguard"}"#, ["protocol"]),
    (#"{"protocol": "shadowsocks", "cipher": "aes-128-gcm"}"#, ["server_port"]),
    (
      #"{"protocol": "shadowsocks", "server_port": 70000, "cipher": "aes-128-gcm"}"#,
      ["server_port"]
    ),
    (
      #"{"protocol": "shadowsocks", "server_port": "443", "cipher": "aes-128-gcm"}"#,
      ["server_port"]
    ),
    (#"{"protocol": "shadowsocks", "server_port": 443, "cipher": "aes-192-gcm"}"#, ["cipher"]),
    (
      #"{"protocol": "shadowsocks", "server_port": 0, "cipher": "aes-128-gcm", "listen_ip": "here"}"#,
      ["listen_ip", "server_port"]
    ),
    (
      #"{"protocol": "shadowsocks", "server_port": 443, "cipher": "aes-128-gcm", "server_key": "MDEyMzQ1Njc4OWFiY2RlZg=="}"#,
      ["server_key"]
    ),
    (
      #"{"protocol": "shadowsocks", "server_port": 443, "cipher": "2022-blake3-aes-256-gcm"}"#,
      ["server_key"]
    ),
    (
      #"{"protocol": "shadowsocks", "server_port": 443, "cipher": "2022-blake3-aes-256-gcm", "server_key": "MDEyMzQ1Njc4OWFiY2RlZg=="}"#,
      ["server_key"]
    ),
    (
      #"{"protocol": "shadowsocks", "server_port": 443, "cipher": "2022-blake3-aes-128-gcm", "server_key": "MDEyMzQ1Njc4OWFiY2RlZg"}"#,
      ["server_key"]
    ),
    (
      #"""
      {"protocol": "vless", "server_port": 443, "flow": "xtls-rprx-vision", "transport": {"type": "ws", "path": "no slash", "host": "a b"},
       "security": {"type": "reality", "server_name": "1.2.3.4", "dest": "x:443", "dest_port": 0, "private_key": "short",
       "public_key": "1zwxn8VQ0CPRO7ixB3C2ABoAsWsHmHSzXU+bQVIWnHQ", "short_id": "abc", "xver": 3}}
      """#,
      [
        "transport.path", "transport.host", "security.server_name", "security.dest",
        "security.dest_port", "security.private_key",
        "security.public_key", "security.short_id", "security.xver", "flow",
      ]
    ),
    (
      #"{"protocol": "vless", "server_port": 443, "security": {"type": "xtls"}}"#, ["security.type"]
    ),
    (
      #"{"protocol": "trojan", "server_port": 443, "security": {"type": "none"}}"#,
      ["security.type"]
    ),
    (
      #"{"protocol": "hysteria2", "server_port": 443, "tls": {"server_name": "node.example.com"}, "obfs_password": "a\"bcd"}"#,
      ["obfs_password"]
    ),
    (#"{"protocol": "tuic", "server_port": 443, "tls": {"server_name": ""}}"#, ["tls.server_name"]),
    (#"{"protocol": "tuic", "server_port": 443, "tls": "node.example.com"}"#, ["tls"]),
    (
      #"{"protocol": "tuic", "server_port": 443, "tls": {"server_name": "node.example.com", "alpn": [1]}}"#,
      ["tls.alpn.0"]
    ),
    (
      #"{"protocol": "hysteria2", "server_port": 443, "tls": {"server_name": "node.example.com"}, "up_mbps": -1}"#,
      ["up_mbps"]
    ),
    (
      #"""
      {"protocol": "tuic", "server_port": 443, "tls": {"server_name": "node.example.com",
       "certificate": {"mode": "dns", "provider": "", "environment": {"TOKEN": "a,b"}}}}
      """#,
      ["tls.certificate.provider", "tls.certificate.environment"]
    ),
    (
      #"{"protocol": "vmess", "server_port": 443, "transport": {"type": "grpc", "service_name": "a\u0000b"}}"#,
      ["transport.service_name"]
    ),
    (
      #"""
      {"protocol": "tuic", "server_port": 443, "tls": {"server_name": "node.example.com", "alpn": ["h2\u0000"],
       "certificate": {"mode": "file", "certificate_file": "/\u0000", "key_file": "/\u0000"}}}
      """#,
      ["tls.alpn", "tls.certificate.certificate_file", "tls.certificate.key_file"]
    ),
    (
      #"""
      {"protocol": "tuic", "server_port": 443, "tls": {"server_name": "node.example.com",
       "certificate": {"mode": "dns", "provider": "a\u0000", "environment": {"TOKEN": "a\u0000"}}}}
      """#,
      ["tls.certificate.provider", "tls.certificate.environment"]
    ),
    (
      #"{"protocol": "shadowsocks", "server_port": 443, "cipher": "aes-128-gcm", "plugin": {"type": "obfs", "host": "a b"}}"#,
      ["plugin.host"]
    ),
    (
      #"{"protocol": "shadowsocks", "server_port": 443, "cipher": "aes-128-gcm", "plugin": {"type": "v2ray-plugin", "path": "/a;b"}}"#,
      ["plugin.path"]
    ),
    (
      #"{"protocol": "shadowsocks", "server_port": 443, "cipher": "aes-128-gcm", "plugin": {"type": "kcptun"}}"#,
      ["plugin.type"]
    ),
    (
      #"""
      {"protocol": "hysteria2", "server_port": 443, "tls": {"server_name": "node.example.com"},
       "port_hopping": {"first": 0, "last": 0, "interval": 1}}
      """#,
      ["port_hopping.first", "port_hopping.interval"]
    ),
    (
      #"{"protocol": "hysteria2", "server_port": 443, "tls": {"server_name": "a.b"}, "port_hopping": {"first": 9, "last": 8}}"#,
      ["port_hopping.last"]
    ),
    (
      #"{"protocol": "hysteria2", "server_port": 443, "tls": {"server_name": "a.b"}, "port_hopping": {"first": 9}}"#,
      ["port_hopping.last"]
    ),
    (
      #"{"protocol": "http", "server_port": 443, "tls": {"server_name": "a b"}}"#,
      ["tls.server_name"]
    ),
    (#"{"protocol": "naive", "server_port": 443}"#, ["tls"]),
    (
      #"{"protocol": "naive", "server_port": 443, "tls": {"server_name": "a.b", "allow_insecure": true}}"#,
      ["tls.allow_insecure"]
    ),
    (#"{"protocol": "mieru", "server_port": 443, "transport": "QUIC"}"#, ["transport"]),
    (#"{"protocol": "mieru", "server_port": 443, "multiplexing": "max"}"#, ["multiplexing"]),
    (#"{"protocol": "socks"}"#, ["server_port"]),
    (
      #"{"protocol": "anytls", "server_port": 443, "tls": {"server_name": "node.example.com"}, "padding_scheme": []}"#,
      ["padding_scheme"]
    ),
  ])
  func `every field that is wrong is named`(json: String, fields: [String]) {
    let error = #expect(throws: NodeSettingsError.self) { try NodeServerSettings(json: json.utf8) }
    #expect(error?.violations.map(\.field) == fields)
  }

  @Test func `a client's host and port can differ from the server's`() throws {
    let settings = try Samples.settings("vless-reality-vision")
    let node = settings.proxyNode(name: "relay", host: "relay.example.com", port: 10443)
    #expect(node.host == "relay.example.com")
    #expect(node.port == 10443)
    #expect(
      node.security
        == .reality(
          RealitySettings(
            serverName: "www.example.com",
            publicKey: Samples.reality.publicKey,
            shortID: "0123456789abcdef"
          )
        )
    )
    #expect(settings.proxyNode(name: "direct", host: "node.example.com").port == 8443)
  }

  @Test func `a relay passes on one port and not those that clients would hop to`() throws {
    let settings = try Samples.settings("hysteria2-hopping")
    let hopping = PortHopping(first: 20_000, last: 30_000, interval: 15)
    #expect(
      settings.proxyNode(name: "a", host: "h").proxy
        == .hysteria2(obfuscationPassword: nil, hopping: hopping)
    )
    #expect(
      settings.proxyNode(name: "a", host: "h", port: 8443).proxy
        == .hysteria2(obfuscationPassword: nil, hopping: hopping)
    )
    #expect(
      settings.proxyNode(name: "a", host: "h", port: 9443).proxy
        == .hysteria2(obfuscationPassword: nil)
    )
  }
}
