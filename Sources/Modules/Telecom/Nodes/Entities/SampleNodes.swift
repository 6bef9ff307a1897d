import FoundationEssentials
import Platform
import SubscriptionFormats

/// Sample nodes of every kind, to preview a template with.
enum SampleNodes {
  /// Of nobody.
  static let credential = Credential(uuid: UUID(bytes: [UInt8](repeating: 0, count: 16)))

  /// The names are like those that profiles sort into groups.
  static let all: [ProxyNode] = [
    ProxyNode(
      name: "🇭🇰 Hong Kong 01",
      host: "hk1.example.com",
      port: 8_388,
      proxy: .shadowsocks(.aes128GCM, serverKey: nil)
    ),
    ProxyNode(
      name: "🇭🇰 Hong Kong 02",
      host: "hk2.example.com",
      port: 8_388,
      proxy: .shadowsocks(.blake3AES128GCM, serverKey: "AAECAwQFBgcICQoLDA0ODw==")
    ),
    ProxyNode(
      name: "🇯🇵 Tokyo 01",
      host: "tokyo1.example.com",
      port: 443,
      proxy: .vmess,
      transport: .webSocket(HTTPEndpoint(path: "/ws")),
      security: .tls(TLSSettings(serverName: "tokyo1.example.com"))
    ),
    ProxyNode(
      name: "🇯🇵 Tokyo 02",
      host: "tokyo2.example.com",
      port: 443,
      proxy: .vless(flow: .vision),
      security: .reality(
        RealitySettings(
          serverName: "www.example.com",
          publicKey: "jNXHt1yRo0vDuchQlIP6Z0ZvjT3KtzVI-T4E7RoLJS0",
          shortID: "0123456789abcdef"
        )
      )
    ),
    ProxyNode(
      name: "🇸🇬 Singapore 01",
      host: "sg1.example.com",
      port: 443,
      proxy: .trojan,
      security: .tls(TLSSettings(serverName: "sg1.example.com"))
    ),
    ProxyNode(
      name: "🇸🇬 Singapore 02",
      host: "sg2.example.com",
      port: 443,
      proxy: .hysteria2(obfuscationPassword: nil),
      security: .tls(TLSSettings(serverName: "sg2.example.com", alpn: ["h3"]))
    ),
    ProxyNode(
      name: "🇺🇸 Los Angeles 01",
      host: "us1.example.com",
      port: 443,
      proxy: .tuic(congestionControl: .bbr),
      security: .tls(TLSSettings(serverName: "us1.example.com", alpn: ["h3"]))
    ),
    ProxyNode(
      name: "🇺🇸 Los Angeles 02",
      host: "us2.example.com",
      port: 443,
      proxy: .anytls,
      security: .tls(TLSSettings(serverName: "us2.example.com"))
    ),
  ]
}
