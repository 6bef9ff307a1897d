/// HTTP CONNECT, in the clear or over TLS.
struct HTTPProxy: ClientProtocol {
  var carriesDatagrams: Bool { false }

  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {
    clash.addServer(node, type: "http", isDatagram: false, to: &proxy)
    clash.addLogin(to: &proxy)
    if node.security != .none {
      proxy.add("tls", true)
      clash.addImpliedTLS(node, to: &proxy)
    }
  }

  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {
    singBox.addServer(node, type: "http", to: &outbound)
    singBox.addLogin(to: &outbound)
    if node.security != .none { outbound.add("tls", .object(singBox.tls(node))) }
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    var link = ShareLink(node, scheme: scheme(node), userInfo: .plain([.uuid, .uuid]))
    if node.security != .none {
      link.add("sni", node.impliedTLS.serverName)
      if node.impliedTLS.allowsInsecure { link.add("allowInsecure", "1") }
    }
    link.write(to: &list)
  }

  func isUsable(_ node: ProxyNode, in surge: SurgeRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in surge: SurgeRenderer, to line: inout FieldLine) {
    line.addServer(node, type: scheme(node))
    surge.addLogin(to: &line)
    surge.addTLS(node, isImplied: false, to: &line)
  }

  func isUsable(_ node: ProxyNode, in loon: LoonRenderer) -> Bool { !node.usesReality }

  func write(_ node: ProxyNode, in loon: LoonRenderer, to line: inout FieldLine) {
    line.addServer(node, type: scheme(node))
    loon.addLogin(to: &line)
    if node.security != .none { loon.addTLS(node, nameKey: "tls-name", to: &line) }
  }

  func isUsable(_ node: ProxyNode, in quantumultX: QuantumultXRenderer) -> Bool {
    !node.usesReality
  }

  func write(_ node: ProxyNode, in quantumultX: QuantumultXRenderer, to line: inout FieldLine) {
    quantumultX.addServer(node, type: "http", to: &line)
    quantumultX.addLogin(to: &line)
    if node.security != .none { quantumultX.addOverTLS(node, to: &line) }
  }

  private func scheme(_ node: ProxyNode) -> String { node.security == .none ? "http" : "https" }
}
