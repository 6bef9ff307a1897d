/// What mieru runs over.
package enum MieruTransport: String, Sendable, Hashable, Codable, CaseIterable {
  case tcp = "TCP"
  case udp = "UDP"
}

/// How many streams mieru's clients put into one connection.
package enum MieruMultiplexing: String, Sendable, Hashable, Codable, CaseIterable {
  case off, low, middle, high

  /// The name that mieru has for it.
  fileprivate var mieruName: String { "MULTIPLEXING_" + rawValue.uppercased() }
}

/// mieru.
struct MieruProxy: ClientProtocol {
  let transport: MieruTransport
  let multiplexing: MieruMultiplexing

  static let gates = [
    ClientGate("mihomo", .mieru, from: ClientVersion(1, 19, 0)),
    ClientGate("clash.meta", .mieru, from: ClientVersion(1, 19, 0)),
  ]

  var features: NodeFeatures { .mieru }

  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool { clash.dialect == .mihomo }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {
    clash.addServer(node, type: "mieru", to: &proxy)
    proxy.add("transport", transport.rawValue)
    clash.addLogin(to: &proxy)
    proxy.add("multiplexing", multiplexing.mieruName)
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool { links.dialect == .v2ray }

  /// mieru's simple link, which has the port among its parameters.
  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    var link = ShareLink(node, scheme: "mierus", userInfo: .plain([.uuid, .uuid]))
    link.port = nil
    link.add("profile", node.name)
    link.add("multiplexing", multiplexing.mieruName)
    link.add("port", String(node.port))
    link.add("protocol", transport.rawValue)
    link.write(to: &list)
  }
}
