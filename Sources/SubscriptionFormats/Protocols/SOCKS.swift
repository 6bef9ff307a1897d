/// SOCKS 5 (RFC 1928, 1929).
struct SOCKSProxy: ClientProtocol {
  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {
    clash.addServer(node, type: "socks5", to: &proxy)
    clash.addLogin(to: &proxy)
  }

  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {
    singBox.addServer(node, type: "socks", to: &outbound)
    singBox.addLogin(to: &outbound)
    outbound.add("version", "5")
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    ShareLink(node, scheme: "socks", userInfo: .base64(.login)).write(to: &list)
  }

  func isUsable(_ node: ProxyNode, in surge: SurgeRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in surge: SurgeRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "socks5")
    surge.addLogin(to: &line)
    line.add("udp-relay", "true")
  }

  func isUsable(_ node: ProxyNode, in loon: LoonRenderer) -> Bool { !node.usesReality }

  func write(_ node: ProxyNode, in loon: LoonRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "socks5")
    loon.addLogin(to: &line)
    line.add("udp", "true")
  }

  func isUsable(_ node: ProxyNode, in quantumultX: QuantumultXRenderer) -> Bool {
    !node.usesReality
  }

  func write(_ node: ProxyNode, in quantumultX: QuantumultXRenderer, to line: inout FieldLine) {
    quantumultX.addServer(node, type: "socks5", to: &line)
    quantumultX.addLogin(to: &line)
  }
}
