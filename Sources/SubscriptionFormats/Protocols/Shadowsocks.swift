/// The Shadowsocks ciphers that every supported agent and client runs.
///
/// `aes-192-gcm` does not start in xray and `2022-blake3-chacha20-poly1305` has no multi-user mode,
/// so neither is offered.
package enum ShadowsocksCipher: String, Sendable, Hashable, Codable, CaseIterable {
  case aes128GCM = "aes-128-gcm"
  case aes256GCM = "aes-256-gcm"
  case chacha20Poly1305 = "chacha20-ietf-poly1305"
  case blake3AES128GCM = "2022-blake3-aes-128-gcm"
  case blake3AES256GCM = "2022-blake3-aes-256-gcm"

  /// The size in bytes of the server's and of each user's key (SIP022), or nil for the older AEAD
  /// ciphers, which take a password.
  package var keyLength: Int? {
    switch self {
    case .aes128GCM, .aes256GCM, .chacha20Poly1305: nil
    case .blake3AES128GCM: 16
    case .blake3AES256GCM: 32
    }
  }
}

/// Shadowsocks. SIP008 and Outline have nothing else, so their renderers write it.
struct ShadowsocksProxy: ClientProtocol {
  let cipher: ShadowsocksCipher
  let serverKey: String?
  let plugin: ShadowsocksPlugin?

  static let gates = [
    ClientGate("loon", .shadowsocks2022, from: ClientVersion(3, 2, 1), build: 637)
  ]

  var features: NodeFeatures { cipher.keyLength == nil ? [] : .shadowsocks2022 }

  var texts: [String] {
    var texts = serverKey.map { [$0] } ?? []
    switch plugin {
    case .obfs(_, let host): texts.append(host)
    case .webSocket(let endpoint, _): texts += endpoint.texts
    case nil: break
    }
    return texts
  }

  private var password: CredentialString {
    .shadowsocksPassword(cipher, serverKey: serverKey)
  }

  private var hasWebSocket: Bool {
    if case .webSocket = plugin { true } else { false }
  }

  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool {
    clash.dialect != .clash || cipher.keyLength == nil
  }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {
    clash.addServer(node, type: "ss", to: &proxy)
    proxy.add("cipher", cipher.rawValue)
    proxy.add("password", .credential(password))
    switch plugin {
    case nil: break
    case .obfs(let mode, let host):
      proxy.add("plugin", "obfs")
      proxy.add("plugin-opts", ["mode": .string(mode.rawValue), "host": .string(host)])
    case .webSocket(let endpoint, let usesTLS):
      var options: DocumentObject = [
        "mode": "websocket", "tls": .boolean(usesTLS), "path": .string(endpoint.path),
      ]
      options.add("host", endpoint.host.map(DocumentValue.string))
      proxy.add("plugin", "v2ray-plugin")
      proxy.add("plugin-opts", .object(options))
    }
  }

  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {
    singBox.addServer(node, type: "shadowsocks", to: &outbound)
    outbound.add("method", cipher.rawValue)
    outbound.add("password", .credential(password))
    outbound.add("plugin", plugin.map { .string($0.program) })
    outbound.add("plugin_opts", plugin.map { .string($0.options) })
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool {
    links.dialect == .v2ray || !hasWebSocket
  }

  /// SIP002; SIP022 wants the keys of the 2022 ciphers percent-encoded instead of in base64.
  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    let method = CredentialString(parts: [.text(cipher.rawValue)])
    let userInfo: ShareLink.UserInfo =
      cipher.keyLength != nil
      ? .plain([method, password])
      : .base64(CredentialString(parts: method.parts + [.text(":")] + password.parts))
    var link = ShareLink(node, scheme: "ss", userInfo: userInfo, path: plugin == nil ? "" : "/")
    if let plugin { link.add("plugin", "\(plugin.program);\(plugin.options)") }
    link.write(to: &list)
  }

  func isUsable(_ node: ProxyNode, in surge: SurgeRenderer) -> Bool {
    !hasWebSocket && (surge.dialect == .surge || cipher.keyLength == nil)
  }

  func write(_ node: ProxyNode, in surge: SurgeRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "ss")
    line.add("encrypt-method", cipher.rawValue)
    line.add("password", password)
    if case .obfs(let mode, let host) = plugin {
      line.add("obfs", mode.rawValue)
      line.add("obfs-host", host)
    }
    line.add("udp-relay", "true")
  }

  func isUsable(_ node: ProxyNode, in loon: LoonRenderer) -> Bool {
    !hasWebSocket && !node.usesReality
  }

  func write(_ node: ProxyNode, in loon: LoonRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "Shadowsocks")
    line.add(literal: cipher.rawValue)
    line.add(password, isQuoted: true)
    if case .obfs(let mode, let host) = plugin {
      line.add("obfs-name", mode.rawValue)
      line.add("obfs-host", host)
      line.add("obfs-uri", "/")
    }
    line.add("fast-open", "false")
    line.add("udp", "true")
  }

  func isUsable(_ node: ProxyNode, in quantumultX: QuantumultXRenderer) -> Bool {
    cipher.keyLength == nil
  }

  func write(_ node: ProxyNode, in quantumultX: QuantumultXRenderer, to line: inout FieldLine) {
    quantumultX.addServer(node, type: "shadowsocks", to: &line)
    line.add("method", cipher.rawValue)
    line.add("password", password)
    switch plugin {
    case nil: break
    case .obfs(let mode, let host):
      line.add("obfs", mode.rawValue)
      line.add("obfs-host", host)
      line.add("obfs-uri", mode == .http ? "/" : nil)
    case .webSocket(let endpoint, let usesTLS):
      line.add("obfs", usesTLS ? "wss" : "ws")
      line.add("obfs-host", endpoint.host)
      line.add("obfs-uri", endpoint.path)
    }
  }
}

extension CredentialString {
  /// The password of a Shadowsocks client: the UUID, or with a 2022 cipher `<server key>:<user
  /// key>`.
  static func shadowsocksPassword(_ cipher: ShadowsocksCipher, serverKey: String?)
    -> CredentialString
  {
    guard let length = cipher.keyLength else { return .uuid }
    guard let serverKey else {
      return CredentialString(parts: [.secret(.shadowsocksKey(length: length))])
    }
    return CredentialString(parts: [
      .text(serverKey), .text(":"), .secret(.shadowsocksKey(length: length)),
    ])
  }
}
