/// AnyTLS: TLS whose first packets are padded.
struct AnyTLSProxy: ClientProtocol {
  static let gates = [
    ClientGate("shadowrocket", .anytls, from: .never, build: 2_592),
    ClientGate("loon", .anytls, from: ClientVersion(3, 2, 1), build: 637),
    ClientGate("stash", .anytls, from: ClientVersion(3, 3)),
    ClientGate("mihomo", .anytls, from: ClientVersion(1, 19, 3)),
    ClientGate("clash.meta", .anytls, from: ClientVersion(1, 19, 3)),
  ]

  var features: NodeFeatures { .anytls }

  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool { clash.dialect != .clash }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {
    clash.addServer(node, type: "anytls", to: &proxy)
    proxy.add("password", .credential(.uuid))
    clash.addImpliedTLS(node, to: &proxy)
  }

  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool {
    singBox.version >= .oneTwelve
  }

  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {
    singBox.addServer(node, type: "anytls", to: &outbound)
    outbound.add("password", .credential(.uuid))
    outbound.add("tls", .object(singBox.tls(node)))
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    var link = ShareLink(node, scheme: "anytls", userInfo: .plain([.uuid]), path: "/")
    link.add("sni", node.impliedTLS.serverName)
    if node.impliedTLS.allowsInsecure { link.add("insecure", "1") }
    link.write(to: &list)
  }

  func isUsable(_ node: ProxyNode, in surge: SurgeRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in surge: SurgeRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "anytls")
    line.add("password", .uuid)
    surge.addTLS(node, to: &line)
  }

  func isUsable(_ node: ProxyNode, in loon: LoonRenderer) -> Bool { !node.usesReality }

  func write(_ node: ProxyNode, in loon: LoonRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "anytls")
    line.add(.uuid, isQuoted: true)
    loon.addTLS(node, nameKey: "sni", to: &line)
    line.add("udp", "true")
  }

  func isUsable(_ node: ProxyNode, in quantumultX: QuantumultXRenderer) -> Bool {
    !node.usesReality
  }

  func write(_ node: ProxyNode, in quantumultX: QuantumultXRenderer, to line: inout FieldLine) {
    quantumultX.addServer(node, type: "anytls", to: &line)
    line.add("password", .uuid)
    quantumultX.addOverTLS(node, to: &line)
  }
}
