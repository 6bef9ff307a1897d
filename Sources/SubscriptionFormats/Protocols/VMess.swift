/// VMess.
struct VMessProxy: ClientProtocol {
  var canGainTLS: Bool { true }

  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool {
    !node.usesXHTTP && !node.usesReality
  }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {
    clash.addServer(node, type: "vmess", to: &proxy)
    proxy.add("uuid", .credential(.uuid))
    proxy.add("alterId", 0)
    proxy.add("cipher", "auto")
    clash.addSwitchedTLS(node, to: &proxy)
    clash.addTransport(node.transport, to: &proxy)
  }

  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {
    singBox.addServer(node, type: "vmess", to: &outbound)
    outbound.add("uuid", .credential(.uuid))
    outbound.add("security", "auto")
    outbound.add("alter_id", 0)
    outbound.add("packet_encoding", "xudp")
    singBox.addStream(node, to: &outbound)
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool {
    links.dialect == .v2ray || !node.usesReality
  }

  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    switch links.dialect {
    case .v2ray: writeLink(node, to: &list)
    case .shadowrocket: links.writeShadowrocket(node, scheme: "vmess", flow: nil, to: &list)
    }
  }

  /// v2rayN's link, version 2: base64 of a JSON object whose values are all strings.
  private func writeLink(_ node: ProxyNode, to list: inout DocumentTemplate) {
    // The id comes before what has another length in each node: so it is the same in base64 in all
    // of them, and made once for a fetch.
    var object: DocumentObject = [
      "v": "2", "id": .credential(.uuid), "ps": .string(node.name), "add": .string(node.host),
      "port": .string(String(node.port)),
      "aid": "0", "scy": "auto", "net": .string(node.transport.xrayName),
    ]
    switch node.transport {
    case .tcp:
      object.add("type", "none")
    case .webSocket(let endpoint), .httpUpgrade(let endpoint):
      object.add("type", "none")
      object.add("host", endpoint.host ?? "")
      object.add("path", endpoint.path)
    case .grpc(let serviceName):
      object.add("type", "gun")
      object.add("path", serviceName)
    case .xhttp(let endpoint, let mode):
      object.add("type", mode.rawValue)
      object.add("host", endpoint.host ?? "")
      object.add("path", endpoint.path)
    }
    switch node.security {
    case .none:
      object.add("tls", "")
    case .tls(let tls):
      object.add("tls", "tls")
      object.add("sni", tls.serverName)
      object.add("alpn", tls.alpn.joined(separator: ","))
      object.add("fp", tls.fingerprint?.rawValue ?? "")
      if tls.allowsInsecure { object.add("insecure", "1") }
    case .reality(let reality):
      object.add("tls", "reality")
      object.add("sni", reality.serverName)
      object.add("fp", reality.fingerprint.rawValue)
      object.add("pbk", reality.publicKey)
      object.add("sid", reality.shortID)
    }
    var json = DocumentTemplate()
    JSONWriter(isIndented: false).write(.object(object), to: &json)
    list.append("vmess://")
    list.append(.standard, of: json)
  }

  func isUsable(_ node: ProxyNode, in surge: SurgeRenderer) -> Bool { node.isTCPOrWebSocket }

  func write(_ node: ProxyNode, in surge: SurgeRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "vmess")
    line.add("username", .uuid)
    line.add("vmess-aead", "true")
    if node.security != .none { line.add("tls", "true") }
    surge.addTLS(node, isImplied: false, to: &line)
    surge.addWebSocket(node, to: &line)
  }

  func isUsable(_ node: ProxyNode, in loon: LoonRenderer) -> Bool {
    !node.usesReality && loon.has(node.transport)
  }

  func write(_ node: ProxyNode, in loon: LoonRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "vmess")
    line.add(literal: "auto")
    line.add(.uuid, isQuoted: true)
    line.add("alterId", "0")
    loon.addTransport(node.transport, to: &line)
    loon.addOverTLS(node, to: &line)
    line.add("udp", "true")
  }

  func isUsable(_ node: ProxyNode, in quantumultX: QuantumultXRenderer) -> Bool {
    node.isTCPOrWebSocket && !node.usesReality
  }

  func write(_ node: ProxyNode, in quantumultX: QuantumultXRenderer, to line: inout FieldLine) {
    quantumultX.addServer(node, type: "vmess", to: &line)
    line.add("method", "chacha20-poly1305")
    line.add("password", .uuid)
    quantumultX.addObfuscation(node, to: &line)
  }
}
