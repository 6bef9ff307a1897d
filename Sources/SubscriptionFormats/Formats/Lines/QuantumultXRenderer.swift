/// Writes server lists of Quantumult X, one line a node, all together in base64.
///
/// Source: github.com/crossutility/Quantumult-X, sample.conf.
struct QuantumultXRenderer: DocumentRenderer {
  func supports(_ node: ProxyNode) -> Bool {
    guard node.fits(.quantumultX) else { return false }
    let isStream = node.transport == .tcp || node.isWebSocket
    return switch node.proxy {
    case .shadowsocks(let cipher, _, _): cipher.keyLength == nil
    case .vmess, .trojan: isStream && !node.usesReality
    case .vless: isStream
    case .anytls, .socks, .http: !node.usesReality
    case .hysteria2, .tuic, .naive, .mieru: false
    }
  }

  func name(_ name: String) -> String { LineText.name(name) }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    var list = DocumentTemplate()
    for node in nodes { write(node, to: &list) }
    var document = DocumentTemplate()
    document.append(.standard, of: list)
    return document
  }

  private func write(_ node: ProxyNode, to list: inout DocumentTemplate) {
    var line = FieldLine(.quantumultX)
    func begin(_ type: String) {
      let host = node.host.utf8.contains(UInt8(ascii: ":")) ? "[\(node.host)]" : node.host
      line.add(literal: "\(type)=\(host):\(node.port)")
    }
    switch node.proxy {
    case .shadowsocks(let cipher, let serverKey, let plugin):
      begin("shadowsocks")
      line.add("method", cipher.rawValue)
      line.add("password", .shadowsocksPassword(cipher, serverKey: serverKey))
      add(plugin, to: &line)
    case .vmess:
      begin("vmess")
      line.add("method", "chacha20-poly1305")
      line.add("password", .uuid)
      addObfuscation(node, to: &line)
    case .vless(let flow):
      begin("vless")
      line.add("method", "none")
      line.add("password", .uuid)
      addObfuscation(node, to: &line)
      if case .reality(let reality) = node.security {
        line.add("reality-base64-pubkey", reality.publicKey)
        line.add("reality-hex-shortid", reality.shortID)
      }
      line.add("vless-flow", flow?.rawValue)
    case .trojan:
      begin("trojan")
      line.add("password", .uuid)
      if node.isWebSocket {
        addObfuscation(node, isAlwaysTLS: true, to: &line)
      } else {
        addOverTLS(node, to: &line)
      }
    case .anytls:
      begin("anytls")
      line.add("password", .uuid)
      addOverTLS(node, to: &line)
    case .socks:
      begin("socks5")
      addLogin(to: &line)
    case .http:
      begin("http")
      addLogin(to: &line)
      if node.security != .none { addOverTLS(node, to: &line) }
    case .hysteria2, .tuic, .naive, .mieru:
      return
    }
    line.add("fast-open", "false")
    if !node.isHTTP { line.add("udp-relay", "true") }
    line.add(literal: "tag=\(node.name)")
    line.write(to: &list)
  }

  private func addLogin(to line: inout FieldLine) {
    line.add("username", .uuid)
    line.add("password", .uuid)
  }

  private func add(_ plugin: ShadowsocksPlugin?, to line: inout FieldLine) {
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

  /// WebSocket, TLS or both: one choice in this format, and one name for the Host header and the
  /// handshake.
  private func addObfuscation(
    _ node: ProxyNode,
    isAlwaysTLS: Bool = false,
    to line: inout FieldLine
  ) {
    let usesTLS = isAlwaysTLS || node.security != .none
    let serverName = usesTLS ? node.serverName : nil
    if case .webSocket(let endpoint) = node.transport {
      line.add("obfs", usesTLS ? "wss" : "ws")
      line.add("obfs-host", endpoint.host ?? serverName)
      line.add("obfs-uri", endpoint.path)
    } else if usesTLS {
      line.add("obfs", "over-tls")
      line.add("obfs-host", serverName)
    }
    if usesTLS { addVerification(node, to: &line) }
  }

  private func addOverTLS(_ node: ProxyNode, to line: inout FieldLine) {
    line.add("over-tls", "true")
    line.add("tls-host", node.serverName)
    addVerification(node, to: &line)
  }

  private func addVerification(_ node: ProxyNode, to line: inout FieldLine) {
    if case .reality = node.security { return }
    line.add("tls-verification", node.impliedTLS.allowsInsecure ? "false" : "true")
  }
}

extension ProxyNode {
  /// The name that the client asks for in its TLS handshake.
  var serverName: String {
    if case .reality(let reality) = security { reality.serverName } else { impliedTLS.serverName }
  }

  fileprivate var isHTTP: Bool {
    if case .http = proxy { true } else { false }
  }
}
