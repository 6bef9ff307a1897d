/// Trojan.
struct TrojanProxy: ClientProtocol {
  static let gates = [ClientGate("loon", .trojan, from: ClientVersion(3, 2, 1))]

  var features: NodeFeatures { .trojan }

  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool {
    !node.usesXHTTP && (clash.dialect != .stash || !node.usesReality)
  }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {
    clash.addServer(node, type: "trojan", to: &proxy)
    proxy.add("password", .credential(.uuid))
    clash.addImpliedTLS(node, to: &proxy)
    clash.addTransport(node.transport, to: &proxy)
  }

  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {
    singBox.addServer(node, type: "trojan", to: &outbound)
    outbound.add("password", .credential(.uuid))
    outbound.add("tls", .object(singBox.tls(node)))
    outbound.add("transport", singBox.transport(node.transport))
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool {
    links.dialect == .v2ray || node.isTCPOrWebSocket
  }

  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    var link = ShareLink(node, scheme: "trojan", userInfo: .plain([.uuid]))
    if links.dialect == .shadowrocket, case .webSocket(let endpoint) = node.transport {
      link.add("peer", node.serverName)
      if node.impliedTLS.allowsInsecure { link.add("allowInsecure", "1") }
      link.add(
        "plugin",
        "obfs-local;obfs=websocket;obfs-host=\(endpoint.host ?? node.serverName);obfs-uri=\(endpoint.path)"
      )
    } else {
      link.add(node.transport)
      link.add(node.security == .none ? .tls(node.impliedTLS) : node.security)
    }
    link.write(to: &list)
  }

  func isUsable(_ node: ProxyNode, in surge: SurgeRenderer) -> Bool {
    node.isTCPOrWebSocket
  }

  func write(_ node: ProxyNode, in surge: SurgeRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "trojan")
    line.add("password", .uuid)
    surge.addTLS(node, to: &line)
    surge.addWebSocket(node, to: &line)
  }

  func isUsable(_ node: ProxyNode, in loon: LoonRenderer) -> Bool {
    !node.usesReality && loon.has(node.transport)
  }

  func write(_ node: ProxyNode, in loon: LoonRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "trojan")
    line.add(.uuid, isQuoted: true)
    loon.addTransport(node.transport, to: &line)
    loon.addTLS(node, nameKey: "tls-name", to: &line)
    line.add("udp", "true")
  }

  func isUsable(_ node: ProxyNode, in quantumultX: QuantumultXRenderer) -> Bool {
    node.isTCPOrWebSocket && !node.usesReality
  }

  func write(_ node: ProxyNode, in quantumultX: QuantumultXRenderer, to line: inout FieldLine) {
    quantumultX.addServer(node, type: "trojan", to: &line)
    line.add("password", .uuid)
    if node.isWebSocket {
      quantumultX.addObfuscation(node, isAlwaysTLS: true, to: &line)
    } else {
      quantumultX.addOverTLS(node, to: &line)
    }
  }
}
