extension ClashRenderer {
  /// An entry of `proxies`.
  func proxy(_ node: ProxyNode) -> DocumentObject {
    var proxy = DocumentObject()
    proxy.add("name", node.name)
    switch node.proxy {
    case .shadowsocks(let cipher, let serverKey, let plugin):
      addServer(node, type: "ss", to: &proxy)
      proxy.add("cipher", cipher.rawValue)
      proxy.add("password", .credential(.shadowsocksPassword(cipher, serverKey: serverKey)))
      if let plugin { add(plugin, to: &proxy) }
    case .vmess:
      addServer(node, type: "vmess", to: &proxy)
      proxy.add("uuid", .credential(.uuid))
      proxy.add("alterId", 0)
      proxy.add("cipher", "auto")
      addSwitchedTLS(node, to: &proxy)
      addTransport(node.transport, to: &proxy)
    case .vless(let flow):
      addServer(node, type: "vless", to: &proxy)
      proxy.add("uuid", .credential(.uuid))
      proxy.add("flow", flow.map { .string($0.rawValue) })
      if dialect == .mihomo { proxy.add("packet-encoding", "xudp") }
      addSwitchedTLS(node, to: &proxy)
      addTransport(node.transport, to: &proxy)
    case .trojan:
      addServer(node, type: "trojan", to: &proxy)
      proxy.add("password", .credential(.uuid))
      addImpliedTLS(node, to: &proxy)
      addTransport(node.transport, to: &proxy)
    case .hysteria2(let obfuscationPassword, let hopping):
      addServer(node, type: "hysteria2", to: &proxy)
      if let hopping {
        proxy.add("ports", hopping.range("-"))
        proxy.add("hop-interval", .integer(Int(hopping.interval)))
      }
      proxy.add(dialect == .stash ? "auth" : "password", .credential(.uuid))
      addImpliedTLS(node, to: &proxy)
      if let obfuscationPassword {
        proxy.add("obfs", "salamander")
        proxy.add("obfs-password", obfuscationPassword)
      }
    case .tuic(let congestionControl):
      addServer(node, type: "tuic", to: &proxy)
      if dialect == .stash { proxy.add("version", 5) }
      proxy.add("uuid", .credential(.uuid))
      proxy.add("password", .credential(.uuid))
      proxy.add("congestion-controller", congestionControl.rawValue)
      proxy.add("udp-relay-mode", "native")
      addImpliedTLS(node, alpn: ["h3"], to: &proxy)
    case .anytls:
      addServer(node, type: "anytls", to: &proxy)
      proxy.add("password", .credential(.uuid))
      addImpliedTLS(node, to: &proxy)
    case .socks:
      addServer(node, type: "socks5", to: &proxy)
      addLogin(to: &proxy)
    case .http:
      addServer(node, type: "http", isDatagram: false, to: &proxy)
      addLogin(to: &proxy)
      if node.security != .none {
        proxy.add("tls", true)
        addImpliedTLS(node, to: &proxy)
      }
    case .mieru(let transport, let multiplexing):
      addServer(node, type: "mieru", to: &proxy)
      proxy.add("transport", transport.rawValue)
      addLogin(to: &proxy)
      proxy.add("multiplexing", multiplexing.mieruName)
    case .naive:
      // No dialect supports it.
      break
    }
    return proxy
  }

  private func addServer(
    _ node: ProxyNode,
    type: String,
    isDatagram: Bool = true,
    to proxy: inout DocumentObject
  ) {
    proxy.add("type", type)
    proxy.add("server", node.host)
    proxy.add("port", .integer(Int(node.port)))
    if isDatagram { proxy.add("udp", true) }
  }

  private func addLogin(to proxy: inout DocumentObject) {
    proxy.add("username", .credential(.uuid))
    proxy.add("password", .credential(.uuid))
  }

  private func add(_ plugin: ShadowsocksPlugin, to proxy: inout DocumentObject) {
    switch plugin {
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

  /// TLS of a protocol that also exists without: it is switched on, and the name is in
  /// `servername`.
  private func addSwitchedTLS(_ node: ProxyNode, to proxy: inout DocumentObject) {
    guard node.security != .none else { return }
    proxy.add("tls", true)
    addTLS(node, nameKey: "servername", alpn: [], to: &proxy)
    // Stash documents `sni` for every protocol.
    if dialect == .stash, let name = proxy["servername"] { proxy.add("sni", name) }
  }

  /// TLS of a protocol that always has it: the name is in `sni`.
  private func addImpliedTLS(_ node: ProxyNode, alpn: [String] = [], to proxy: inout DocumentObject)
  {
    addTLS(node, nameKey: "sni", alpn: alpn, to: &proxy)
  }

  private func addTLS(
    _ node: ProxyNode,
    nameKey: String,
    alpn: [String],
    to proxy: inout DocumentObject
  ) {
    if case .reality(let reality) = node.security {
      proxy.add(nameKey, reality.serverName)
      proxy.add("client-fingerprint", reality.fingerprint.rawValue)
      proxy.add(
        "reality-opts",
        ["public-key": .string(reality.publicKey), "short-id": .string(reality.shortID)]
      )
      return
    }
    let tls = node.impliedTLS
    proxy.add(nameKey, tls.serverName)
    proxy.addUnlessEmpty("alpn", tls.alpn.isEmpty ? alpn : tls.alpn)
    if dialect != .clash {
      proxy.add("client-fingerprint", tls.fingerprint.map { .string($0.rawValue) })
    }
    if tls.allowsInsecure { proxy.add("skip-cert-verify", true) }
  }

  private func addTransport(_ transport: Transport, to proxy: inout DocumentObject) {
    switch transport {
    case .tcp:
      // Clash takes the missing network for TCP and doesn't know its name.
      if dialect == .mihomo { proxy.add("network", "tcp") }
    case .webSocket(let endpoint):
      proxy.add("network", "ws")
      proxy.add("ws-opts", .object(webSocket(endpoint)))
    case .httpUpgrade(let endpoint):
      var options = webSocket(endpoint)
      options.add("v2ray-http-upgrade", true)
      proxy.add("network", "ws")
      proxy.add("ws-opts", .object(options))
    case .grpc(let serviceName):
      proxy.add("network", "grpc")
      proxy.add("grpc-opts", ["grpc-service-name": .string(serviceName)])
    case .xhttp(let endpoint, let mode):
      var options: DocumentObject = ["path": .string(endpoint.path)]
      options.add("host", endpoint.host.map(DocumentValue.string))
      options.add("mode", mode.rawValue)
      proxy.add("network", "xhttp")
      proxy.add("xhttp-opts", .object(options))
    }
  }

  private func webSocket(_ endpoint: HTTPEndpoint) -> DocumentObject {
    let earlyData = endpoint.earlyData
    var options: DocumentObject = ["path": .string(earlyData?.path ?? endpoint.path)]
    if let host = endpoint.host { options.add("headers", ["Host": .string(host)]) }
    if let earlyData {
      options.add("max-early-data", .integer(earlyData.mostBytes))
      options.add("early-data-header-name", HTTPEndpoint.EarlyData.header)
    }
    return options
  }
}
