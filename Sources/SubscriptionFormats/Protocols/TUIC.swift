/// The congestion controllers of TUIC.
package enum CongestionControl: String, Sendable, Hashable, Codable {
  case cubic
  case bbr
  case newReno = "new_reno"
}

/// TUIC, version 5.
struct TUICProxy: ClientProtocol {
  let congestionControl: CongestionControl

  var features: NodeFeatures { .tuic }
  var canImitateBrowsers: Bool { false }

  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool { clash.dialect != .clash }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {
    clash.addServer(node, type: "tuic", to: &proxy)
    if clash.dialect == .stash { proxy.add("version", 5) }
    proxy.add("uuid", .credential(.uuid))
    proxy.add("password", .credential(.uuid))
    proxy.add("congestion-controller", congestionControl.rawValue)
    proxy.add("udp-relay-mode", "native")
    clash.addImpliedTLS(node, alpn: ["h3"], to: &proxy)
  }

  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {
    singBox.addServer(node, type: "tuic", to: &outbound)
    outbound.add("uuid", .credential(.uuid))
    outbound.add("password", .credential(.uuid))
    outbound.add("congestion_control", congestionControl.rawValue)
    outbound.add("udp_relay_mode", "native")
    outbound.add("tls", .object(singBox.tls(node, alpn: ["h3"])))
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    var link = ShareLink(node, scheme: "tuic", userInfo: .plain([.uuid, .uuid]))
    link.add("sni", node.impliedTLS.serverName)
    link.add("alpn", "h3")
    link.add("congestion_control", congestionControl.rawValue)
    link.add("udp_relay_mode", "native")
    if node.impliedTLS.allowsInsecure { link.add("allow_insecure", "1") }
    link.write(to: &list)
  }

  func isUsable(_ node: ProxyNode, in surge: SurgeRenderer) -> Bool { surge.dialect == .surge }

  func write(_ node: ProxyNode, in surge: SurgeRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "tuic-v5")
    line.add("uuid", .uuid)
    line.add("password", .uuid)
    line.add("alpn", "h3")
    surge.addTLS(node, to: &line)
  }
}
