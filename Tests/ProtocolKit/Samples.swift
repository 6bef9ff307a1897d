package import AgentProtocols
package import Foundation
package import SubscriptionFormats
import Testing

/// Servers of every protocol, with the customers' view of them.
package enum Samples {
  package static let credential = Credential(uuid: uuid("2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31"))
  package static let otherCredential = Credential(
    uuid: uuid("c0ffee00-1234-4abc-9def-0123456789ab")
  )

  package static let reality = ServerReality(
    serverName: "www.example.com",
    privateKey: "MMX7m0Mj3faUstoEm5NBdegeXkHG6ZB78xzBv2n3ZUA",
    publicKey: "1zwxn8VQ0CPRO7ixB3C2ABoAsWsHmHSzXU-bQVIWnHQ",
    shortID: "0123456789abcdef"
  )
  package static let tls = ServerTLS(serverName: "node.example.com")

  /// One server for each protocol, transport and security that counts.
  package static let servers: [(name: String, settings: NodeServerSettings)] = [
    (
      "shadowsocks",
      .shadowsocks(ShadowsocksServer(listener: listener, cipher: .chacha20Poly1305, serverKey: nil))
    ),
    (
      "shadowsocks-2022-128",
      .shadowsocks(
        ShadowsocksServer(
          listener: listener,
          cipher: .blake3AES128GCM,
          serverKey: "MDEyMzQ1Njc4OWFiY2RlZg=="
        )
      )
    ),
    (
      "shadowsocks-2022-256",
      .shadowsocks(
        ShadowsocksServer(
          listener: listener,
          serverKey: "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s="
        )
      )
    ),
    ("vmess-tcp", .vmess(VMessServer(listener: listener))),
    (
      "vmess-ws-tls",
      .vmess(
        VMessServer(
          listener: listener,
          transport: .webSocket(HTTPEndpoint(path: "/chat?x=1", host: "cdn.example.com")),
          security: .tls(ServerTLS(serverName: "cdn.example.com", alpn: ["http/1.1"]))
        )
      )
    ),
    (
      "vless-reality-vision",
      .vless(VLESSServer(listener: listener, flow: .vision, security: .reality(reality)))
    ),
    (
      "vless-grpc-reality",
      .vless(
        VLESSServer(
          listener: listener,
          transport: .grpc(serviceName: "gun service"),
          security: .reality(reality)
        )
      )
    ),
    (
      "vless-httpupgrade-tls",
      .vless(
        VLESSServer(
          listener: listener,
          transport: .httpUpgrade(HTTPEndpoint(path: "/up", host: "up.example.com")),
          security: .tls(tls)
        )
      )
    ),
    (
      "vless-xhttp-tls",
      .vless(
        VLESSServer(
          listener: listener,
          transport: .xhttp(HTTPEndpoint(path: "/x"), mode: .auto),
          security: .tls(tls)
        )
      )
    ),
    ("trojan", .trojan(TrojanServer(listener: listener, security: .tls(tls)))),
    (
      "trojan-grpc-insecure",
      .trojan(
        TrojanServer(
          listener: listener,
          transport: .grpc(serviceName: "trojan"),
          security: .tls(
            ServerTLS(
              serverName: "node.example.com",
              alpn: ["h2"],
              certificate: .selfSigned,
              allowsInsecure: true
            )
          )
        )
      )
    ),
    ("hysteria2", .hysteria2(Hysteria2Server(listener: listener, tls: tls))),
    (
      "hysteria2-obfuscated",
      .hysteria2(
        Hysteria2Server(
          listener: listener,
          tls: tls,
          upMbps: 100,
          downMbps: 500,
          obfuscationPassword: "p#s&w=rd"
        )
      )
    ),
    ("tuic", .tuic(TUICServer(listener: listener, tls: tls))),
    ("anytls", .anytls(AnyTLSServer(listener: listener, tls: tls))),
    (
      "shadowsocks-obfs",
      .shadowsocks(
        ShadowsocksServer(
          listener: listener,
          cipher: .aes128GCM,
          serverKey: nil,
          plugin: .obfs(.http, host: "www.example.com")
        )
      )
    ),
    (
      "shadowsocks-websocket",
      .shadowsocks(
        ShadowsocksServer(
          listener: listener,
          cipher: .aes256GCM,
          serverKey: nil,
          plugin: .webSocket(HTTPEndpoint(path: "/ss", host: "cdn.example.com"), usesTLS: true)
        )
      )
    ),
    (
      "vmess-httpupgrade",
      .vmess(VMessServer(listener: listener, transport: .httpUpgrade(HTTPEndpoint(path: "/up"))))
    ),
    (
      "vless-ws-tls",
      .vless(
        VLESSServer(
          listener: listener,
          transport: .webSocket(HTTPEndpoint(path: "/ws?ed=2048", host: "cdn.example.com")),
          security: .tls(tls)
        )
      )
    ),
    (
      "vless-vision-tls",
      .vless(VLESSServer(listener: listener, flow: .vision, security: .tls(tls)))
    ),
    (
      "trojan-ws",
      .trojan(
        TrojanServer(
          listener: listener,
          transport: .webSocket(HTTPEndpoint(path: "/t", host: "cdn.example.com")),
          security: .tls(tls)
        )
      )
    ),
    ("trojan-reality", .trojan(TrojanServer(listener: listener, security: .reality(reality)))),
    (
      "hysteria2-hopping",
      .hysteria2(
        Hysteria2Server(
          listener: listener,
          tls: tls,
          hopping: PortHopping(first: 20_000, last: 30_000, interval: 15)
        )
      )
    ),
    ("socks", .socks(SOCKSServer(listener: listener))),
    ("http", .http(HTTPServer(listener: listener))),
    ("http-tls", .http(HTTPServer(listener: listener, tls: tls))),
    ("naive", .naive(NaiveServer(listener: listener, tls: tls))),
    ("mieru", .mieru(MieruServer(listener: listener))),
    ("mieru-udp", .mieru(MieruServer(listener: listener, transport: .udp, multiplexing: .high))),
  ]

  /// The customers' nodes of `servers`.
  package static let nodes = servers.map {
    $0.settings.proxyNode(name: $0.name, host: "node.example.com")
  }

  package static func settings(_ name: String) throws -> NodeServerSettings {
    try #require(servers.first { $0.name == name }).settings
  }

  package static func node(_ name: String) throws -> ProxyNode {
    try #require(nodes.first { $0.name == name })
  }

  package static let listener = Listener(port: 8443)

  package static func uuid(_ text: String) -> UUID {
    guard let uuid = UUID(uuidString: text) else { preconditionFailure("not a UUID: \(text)") }
    return uuid
  }

  package static func shadowsocks(named name: String) -> ProxyNode {
    ProxyNode(
      name: name,
      host: "node.example.com",
      port: 443,
      proxy: .shadowsocks(.aes256GCM, serverKey: nil)
    )
  }
}
