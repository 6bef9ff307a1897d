/// Writes profiles of Surge and of Surfboard, which reads the same text.
///
/// Source: manual.nssurge.com, getsurfboard.com/docs.
struct SurgeRenderer: DocumentRenderer {
  let dialect: Dialect

  enum Dialect: Sendable {
    case surge, surfboard
  }

  func supports(_ node: ProxyNode) -> Bool {
    guard node.fits(.surge), !node.usesReality else { return false }
    let isStream = node.transport == .tcp || node.isWebSocket
    return switch node.proxy {
    case .shadowsocks(let cipher, _, let plugin):
      isPlain(plugin) && (dialect == .surge || cipher.keyLength == nil)
    case .vmess, .trojan: isStream
    case .anytls, .socks, .http: true
    case .hysteria2(let obfuscationPassword, _): dialect == .surge && obfuscationPassword == nil
    case .tuic: dialect == .surge
    case .vless, .naive, .mieru: false
    }
  }

  private func isPlain(_ plugin: ShadowsocksPlugin?) -> Bool {
    if case .webSocket = plugin { false } else { true }
  }

  func name(_ name: String) -> String { LineText.name(name) }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    var template = DocumentTemplate()
    template.appendLink(prefix: "#!MANAGED-CONFIG ", suffix: " interval=43200 strict=false\n")
    if let operators = options.template?.surge {
      operators.write(nodes, renderer: self, options: options, to: &template)
    } else {
      writeDefault(nodes, options, to: &template)
    }
    return template
  }

  private func writeDefault(
    _ nodes: [ProxyNode],
    _ options: DocumentOptions,
    to template: inout DocumentTemplate
  ) {
    template.append("[General]\n")
    for line in general(options) { template.append(line + "\n") }
    template.append("\n[Proxy]\n")
    for node in nodes { write(node, to: &template) }
    template.append("\n[Proxy Group]\n")
    let names = nodes.map(\.name)
    write(
      group: DocumentNames.selector,
      ["select", DocumentNames.fastest] + names + ["DIRECT"],
      to: &template
    )
    let test = ["url=\(options.delayTestURL)", "interval=300", "tolerance=50"]
    write(group: DocumentNames.fastest, ["url-test"] + names + test, to: &template)
    template.append("\n[Rule]\n")
    for rule in DirectRules.lines(options) + ["FINAL,\(DocumentNames.selector)"] {
      template.append(rule + "\n")
    }
  }

  private func general(_ options: DocumentOptions) -> [String] {
    let common = [
      "loglevel = warning", "dns-server = system, 223.5.5.5, 1.1.1.1",
      "skip-proxy = 127.0.0.1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, localhost, *.local",
      "proxy-test-url = \(options.delayTestURL)",
    ]
    return dialect == .surge ? common + ["ipv6 = true"] : common
  }

  private func write(group name: String, _ fields: [String], to template: inout DocumentTemplate) {
    var line = FieldLine(.surge, name: name)
    for field in fields { line.add(literal: field) }
    line.write(to: &template)
  }

  /// A line of `[Proxy]`.
  func write(_ node: ProxyNode, to template: inout DocumentTemplate) {
    var line = FieldLine(.surge, name: node.name)
    func begin(_ type: String) {
      line.add(literal: type)
      line.add(literal: node.host)
      line.add(literal: String(node.port))
    }
    switch node.proxy {
    case .shadowsocks(let cipher, let serverKey, let plugin):
      begin("ss")
      line.add("encrypt-method", cipher.rawValue)
      line.add("password", .shadowsocksPassword(cipher, serverKey: serverKey))
      if case .obfs(let mode, let host) = plugin {
        line.add("obfs", mode.rawValue)
        line.add("obfs-host", host)
      }
      line.add("udp-relay", "true")
    case .vmess:
      begin("vmess")
      line.add("username", .uuid)
      line.add("vmess-aead", "true")
      if node.security != .none { line.add("tls", "true") }
      addTLS(node, isImplied: false, to: &line)
      addWebSocket(node, to: &line)
    case .trojan:
      begin("trojan")
      line.add("password", .uuid)
      addTLS(node, to: &line)
      addWebSocket(node, to: &line)
    case .hysteria2(_, let hopping):
      begin("hysteria2")
      line.add("password", .uuid)
      addTLS(node, to: &line)
      if let hopping {
        line.add(literal: "port-hopping=\"\(hopping.range("-"))\"")
        line.add("port-hopping-interval", String(hopping.interval))
      }
    case .tuic:
      begin("tuic-v5")
      line.add("uuid", .uuid)
      line.add("password", .uuid)
      line.add("alpn", "h3")
      addTLS(node, to: &line)
    case .anytls:
      begin("anytls")
      line.add("password", .uuid)
      addTLS(node, to: &line)
    case .socks:
      begin("socks5")
      addLogin(to: &line)
      line.add("udp-relay", "true")
    case .http:
      begin(node.security == .none ? "http" : "https")
      addLogin(to: &line)
      addTLS(node, isImplied: false, to: &line)
    case .vless, .naive, .mieru:
      return
    }
    line.write(to: &template)
  }

  private func addLogin(to line: inout FieldLine) {
    line.add(.uuid)
    line.add(.uuid)
  }

  private func addTLS(_ node: ProxyNode, isImplied: Bool = true, to line: inout FieldLine) {
    guard isImplied || node.security != .none else { return }
    line.add("sni", node.impliedTLS.serverName)
    if node.impliedTLS.allowsInsecure { line.add("skip-cert-verify", "true") }
  }

  private func addWebSocket(_ node: ProxyNode, to line: inout FieldLine) {
    guard case .webSocket(let endpoint) = node.transport else { return }
    line.add("ws", "true")
    line.add("ws-path", endpoint.path)
    line.add("ws-headers", endpoint.host.map { "Host:" + $0 })
  }
}

extension ProxyNode {
  var isWebSocket: Bool {
    if case .webSocket = transport { true } else { false }
  }
}
