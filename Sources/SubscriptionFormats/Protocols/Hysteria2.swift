/// The ports between which clients of a QUIC protocol hop, so that no flow on one of them lasts
/// long.
///
/// The server listens on one port; its machine's firewall redirects these to it.
package struct PortHopping: Sendable, Hashable {
  package var first: UInt16
  package var last: UInt16
  /// Seconds on each port.
  package var interval: UInt16

  package static let defaultInterval: UInt16 = 30

  package init(first: UInt16, last: UInt16, interval: UInt16 = Self.defaultInterval) {
    self.first = first
    self.last = last
    self.interval = interval
  }

  fileprivate func range(_ separator: Character) -> String { "\(first)\(separator)\(last)" }
}

/// Hysteria 2.
struct Hysteria2Proxy: ClientProtocol {
  let obfuscationPassword: String?
  let hopping: PortHopping?

  static let gates = [
    ClientGate("v2rayng", .hysteria2, from: ClientVersion(1, 9, 5)),
    ClientGate("v2rayn", .hysteria2, from: ClientVersion(6, 31)),
    ClientGate("shadowrocket", .hysteria2, from: .never, build: 1_993),
    ClientGate("surge ios", .hysteria2, from: .never, build: 2_398),
    ClientGate("surge mac", .hysteria2, from: .never, build: 2_398),
    ClientGate("loon", .hysteria2, from: ClientVersion(3, 2, 1), build: 637),
    ClientGate("stash", .hysteria2, from: ClientVersion(2, 5)),
    ClientGate("clash-verge", .hysteria2, from: ClientVersion(1, 3, 8)),
    ClientGate("clashmetaforandroid", .hysteria2, from: ClientVersion(2, 9)),
    ClientGate("flclash", .hysteria2, from: ClientVersion(0, 8)),
    ClientGate("nekobox/android", .hysteria2, from: ClientVersion(1, 2, 7)),
  ]

  var features: NodeFeatures { .hysteria2 }
  var texts: [String] { obfuscationPassword.map { [$0] } ?? [] }
  var canImitateBrowsers: Bool { false }

  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool {
    switch clash.dialect {
    case .clash: false
    case .mihomo: true
    // Stash has no salamander.
    case .stash: obfuscationPassword == nil
    }
  }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {
    clash.addServer(node, type: "hysteria2", to: &proxy)
    if let hopping {
      proxy.add("ports", hopping.range("-"))
      proxy.add("hop-interval", .integer(Int(hopping.interval)))
    }
    proxy.add(clash.dialect == .stash ? "auth" : "password", .credential(.uuid))
    clash.addImpliedTLS(node, to: &proxy)
    if let obfuscationPassword {
      proxy.add("obfs", "salamander")
      proxy.add("obfs-password", obfuscationPassword)
    }
  }

  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {
    singBox.addServer(node, type: "hysteria2", to: &outbound)
    if let hopping {
      outbound.add("server_ports", [.string(hopping.range(":"))])
      outbound.add("hop_interval", "\(hopping.interval)s")
    }
    outbound.add("password", .credential(.uuid))
    if let obfuscationPassword {
      outbound.add("obfs", ["type": "salamander", "password": .string(obfuscationPassword)])
    }
    outbound.add("tls", .object(singBox.tls(node)))
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    var link = ShareLink(node, scheme: "hysteria2", userInfo: .plain([.uuid]), path: "/")
    link.add("sni", node.impliedTLS.serverName)
    if node.impliedTLS.allowsInsecure { link.add("insecure", "1") }
    if links.dialect == .shadowrocket { link.add("peer", node.impliedTLS.serverName) }
    if let obfuscationPassword {
      link.add("obfs", "salamander")
      link.add("obfs-password", obfuscationPassword)
    }
    // Few clients read ports after the host, as in the specification; `mport` is what clients agree
    // on.
    if let hopping { link.add("mport", hopping.range("-")) }
    link.write(to: &list)
  }

  func isUsable(_ node: ProxyNode, in surge: SurgeRenderer) -> Bool {
    surge.dialect == .surge && obfuscationPassword == nil
  }

  func write(_ node: ProxyNode, in surge: SurgeRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "hysteria2")
    line.add("password", .uuid)
    surge.addTLS(node, to: &line)
    if let hopping {
      line.add(literal: "port-hopping=\"\(hopping.range("-"))\"")
      line.add("port-hopping-interval", String(hopping.interval))
    }
  }

  func isUsable(_ node: ProxyNode, in loon: LoonRenderer) -> Bool { !node.usesReality }

  func write(_ node: ProxyNode, in loon: LoonRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "Hysteria2")
    line.add(.uuid, isQuoted: true)
    loon.addTLS(node, nameKey: "sni", to: &line)
    if let obfuscationPassword {
      line.add(literal: "salamander-password=\"\(obfuscationPassword)\"")
    }
    line.add("udp", "true")
  }
}
