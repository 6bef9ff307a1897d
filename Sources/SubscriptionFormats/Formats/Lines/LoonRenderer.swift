/// Writes node lists of Loon, one line a node. Source: nsloon.app/docs/Node.
struct LoonRenderer: DocumentRenderer {
  func supports(_ node: ProxyNode) -> Bool {
    guard node.fits(.loon) else { return false }
    let isStream = node.transport == .tcp || node.isWebSocket
    return switch node.proxy {
    case .shadowsocks(_, _, .webSocket): false
    case .shadowsocks, .hysteria2, .anytls, .socks, .http: !node.usesReality
    case .vmess, .trojan: !node.usesReality && (isStream || node.features.contains(.httpUpgrade))
    case .vless: isStream
    case .tuic, .naive, .mieru: false
    }
  }

  func name(_ name: String) -> String { LineText.name(name) }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    var template = DocumentTemplate()
    for node in nodes { write(node, to: &template) }
    return template
  }

  private func write(_ node: ProxyNode, to template: inout DocumentTemplate) {
    var line = FieldLine(.loon, name: node.name)
    func begin(_ type: String) {
      line.add(literal: type)
      line.add(literal: node.host)
      line.add(literal: String(node.port))
    }
    switch node.proxy {
    case .shadowsocks(let cipher, let serverKey, let plugin):
      begin("Shadowsocks")
      line.add(literal: cipher.rawValue)
      line.add(.shadowsocksPassword(cipher, serverKey: serverKey), isQuoted: true)
      if case .obfs(let mode, let host) = plugin {
        line.add("obfs-name", mode.rawValue)
        line.add("obfs-host", host)
        line.add("obfs-uri", "/")
      }
      line.add("fast-open", "false")
      line.add("udp", "true")
    case .vmess:
      begin("vmess")
      line.add(literal: "auto")
      line.add(.uuid, isQuoted: true)
      line.add("alterId", "0")
      addTransport(node.transport, to: &line)
      addOverTLS(node, to: &line)
      line.add("udp", "true")
    case .vless(let flow):
      begin("VLESS")
      line.add(.uuid, isQuoted: true)
      addTransport(node.transport, to: &line)
      line.add("flow", flow?.rawValue)
      if case .reality(let reality) = node.security {
        line.add(literal: "public-key=\"\(reality.publicKey)\"")
        line.add("short-id", reality.shortID)
        line.add("over-tls", "true")
        line.add("sni", reality.serverName)
      } else {
        addOverTLS(node, nameKey: "sni", to: &line)
      }
      line.add("udp", "true")
    case .trojan:
      begin("trojan")
      line.add(.uuid, isQuoted: true)
      addTransport(node.transport, to: &line)
      addTLS(node, nameKey: "tls-name", to: &line)
      line.add("udp", "true")
    case .hysteria2(let obfuscationPassword, _):
      begin("Hysteria2")
      line.add(.uuid, isQuoted: true)
      addTLS(node, nameKey: "sni", to: &line)
      if let obfuscationPassword {
        line.add(literal: "salamander-password=\"\(obfuscationPassword)\"")
      }
      line.add("udp", "true")
    case .anytls:
      begin("anytls")
      line.add(.uuid, isQuoted: true)
      addTLS(node, nameKey: "sni", to: &line)
      line.add("udp", "true")
    case .socks:
      begin("socks5")
      addLogin(to: &line)
      line.add("udp", "true")
    case .http:
      begin(node.security == .none ? "http" : "https")
      addLogin(to: &line)
      if node.security != .none { addTLS(node, nameKey: "tls-name", to: &line) }
    case .tuic, .naive, .mieru:
      return
    }
    line.write(to: &template)
  }

  private func addLogin(to line: inout FieldLine) {
    line.add(.uuid, isQuoted: true)
    line.add(.uuid, isQuoted: true)
  }

  private func addTransport(_ transport: Transport, to line: inout FieldLine) {
    switch transport {
    case .webSocket(let endpoint): add("ws", endpoint, to: &line)
    case .httpUpgrade(let endpoint): add("httpupgrade", endpoint, to: &line)
    case .tcp, .grpc, .xhttp: line.add("transport", "tcp")
    }
  }

  private func add(_ name: String, _ endpoint: HTTPEndpoint, to line: inout FieldLine) {
    line.add("transport", name)
    line.add("path", endpoint.path)
    line.add("host", endpoint.host)
  }

  private func addOverTLS(
    _ node: ProxyNode,
    nameKey: StaticString = "tls-name",
    to line: inout FieldLine
  ) {
    guard node.security != .none else { return line.add("over-tls", "false") }
    line.add("over-tls", "true")
    addTLS(node, nameKey: nameKey, to: &line)
  }

  private func addTLS(_ node: ProxyNode, nameKey: StaticString, to line: inout FieldLine) {
    line.add(nameKey, node.impliedTLS.serverName)
    line.add("skip-cert-verify", node.impliedTLS.allowsInsecure ? "true" : "false")
  }
}
