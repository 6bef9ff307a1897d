/// NaïveProxy: HTTP/2 CONNECT that looks like Chromium.
struct NaiveProxy: ClientProtocol {
  var features: NodeFeatures { .naive }
  var carriesDatagrams: Bool { false }

  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool {
    // Chromium's network stack checks certificates.
    singBox.version >= .oneThirteen && !node.impliedTLS.allowsInsecure
  }

  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {
    singBox.addServer(node, type: "naive", to: &outbound)
    singBox.addLogin(to: &outbound)
    // Any other key of `tls` is refused.
    outbound.add("tls", ["enabled": true, "server_name": .string(node.impliedTLS.serverName)])
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool { links.dialect == .v2ray }

  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    var link = ShareLink(node, scheme: "naive+https", userInfo: .plain([.uuid, .uuid]))
    if node.impliedTLS.serverName != node.host { link.add("sni", node.impliedTLS.serverName) }
    link.write(to: &list)
  }
}
