/// The flows of VLESS.
package enum VLESSFlow: String, Sendable, Hashable, Codable {
  case vision = "xtls-rprx-vision"
}

/// VLESS.
struct VLESSProxy: ClientProtocol {
  let flow: VLESSFlow?

  var features: NodeFeatures { flow == .vision ? [.vless, .vision] : .vless }
  var canGainTLS: Bool { true }

  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool { clash.dialect != .clash }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {
    clash.addServer(node, type: "vless", to: &proxy)
    proxy.add("uuid", .credential(.uuid))
    proxy.add("flow", flow.map { .string($0.rawValue) })
    if clash.dialect == .mihomo { proxy.add("packet-encoding", "xudp") }
    clash.addSwitchedTLS(node, to: &proxy)
    clash.addTransport(node.transport, to: &proxy)
  }

  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool { true }

  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {
    singBox.addServer(node, type: "vless", to: &outbound)
    outbound.add("uuid", .credential(.uuid))
    outbound.add("flow", flow.map { .string($0.rawValue) })
    outbound.add("packet_encoding", "xudp")
    singBox.addStream(node, to: &outbound)
  }

  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool { true }

  /// XTLS's proposal for sharing VLESS (Xray-core discussion 716).
  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {
    guard links.dialect != .shadowrocket else {
      return links.writeShadowrocket(node, scheme: "vless", flow: flow, to: &list)
    }
    var link = ShareLink(node, scheme: "vless", userInfo: .plain([.uuid]))
    link.add("encryption", "none")
    link.add("flow", flow?.rawValue)
    link.add(node.transport)
    link.add(node.security)
    link.write(to: &list)
  }

  func isUsable(_ node: ProxyNode, in loon: LoonRenderer) -> Bool { node.isTCPOrWebSocket }

  func write(_ node: ProxyNode, in loon: LoonRenderer, to line: inout FieldLine) {
    line.addServer(node, type: "VLESS")
    line.add(.uuid, isQuoted: true)
    loon.addTransport(node.transport, to: &line)
    line.add("flow", flow?.rawValue)
    if case .reality(let reality) = node.security {
      line.add(literal: "public-key=\"\(reality.publicKey)\"")
      line.add("short-id", reality.shortID)
      line.add("over-tls", "true")
      line.add("sni", reality.serverName)
    } else {
      loon.addOverTLS(node, nameKey: "sni", to: &line)
    }
    line.add("udp", "true")
  }

  func isUsable(_ node: ProxyNode, in quantumultX: QuantumultXRenderer) -> Bool {
    node.isTCPOrWebSocket
  }

  func write(_ node: ProxyNode, in quantumultX: QuantumultXRenderer, to line: inout FieldLine) {
    quantumultX.addServer(node, type: "vless", to: &line)
    line.add("method", "none")
    line.add("password", .uuid)
    quantumultX.addObfuscation(node, to: &line)
    if case .reality(let reality) = node.security {
      line.add("reality-base64-pubkey", reality.publicKey)
      line.add("reality-hex-shortid", reality.shortID)
    }
    line.add("vless-flow", flow?.rawValue)
  }
}
