extension ClashRenderer {
  /// An entry of `proxies`.
  func proxy(_ node: ProxyNode) -> DocumentObject {
    var proxy = DocumentObject()
    proxy.add("name", node.name)
    node.proxy.clientProtocol.write(node, in: self, to: &proxy)
    return proxy
  }

  func addServer(
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

  func addLogin(to proxy: inout DocumentObject) {
    proxy.add("username", .credential(.uuid))
    proxy.add("password", .credential(.uuid))
  }

  /// TLS of a protocol that also exists without: it is switched on, and the name is in
  /// `servername`.
  func addSwitchedTLS(_ node: ProxyNode, to proxy: inout DocumentObject) {
    guard node.security != .none else { return }
    proxy.add("tls", true)
    addTLS(node, nameKey: "servername", alpn: [], to: &proxy)
    // Stash documents `sni` for every protocol.
    if dialect == .stash, let name = proxy["servername"] { proxy.add("sni", name) }
  }

  /// TLS of a protocol that always has it: the name is in `sni`.
  func addImpliedTLS(_ node: ProxyNode, alpn: [String] = [], to proxy: inout DocumentObject) {
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

  func addTransport(_ transport: Transport, to proxy: inout DocumentObject) {
    switch transport {
    case .tcp:
      // Clash treats a missing network as TCP, and has no name for TCP.
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
      options.add("max-early-data", .integer(earlyData.maxBytes))
      options.add("early-data-header-name", HTTPEndpoint.EarlyData.header)
    }
    return options
  }
}
