extension SingBoxRenderer {
  /// An entry of `outbounds`.
  func outbound(_ node: ProxyNode) -> DocumentObject {
    switch node.proxy {
    case .shadowsocks(let cipher, let serverKey, let plugin):
      var outbound = server(node, type: "shadowsocks")
      outbound.add("method", cipher.rawValue)
      outbound.add("password", .credential(.shadowsocksPassword(cipher, serverKey: serverKey)))
      outbound.add("plugin", plugin.map { .string($0.program) })
      outbound.add("plugin_opts", plugin.map { .string($0.options) })
      return outbound
    case .vmess:
      var outbound = server(node, type: "vmess")
      outbound.add("uuid", .credential(.uuid))
      outbound.add("security", "auto")
      outbound.add("alter_id", 0)
      outbound.add("packet_encoding", "xudp")
      addStream(node, to: &outbound)
      return outbound
    case .vless(let flow):
      var outbound = server(node, type: "vless")
      outbound.add("uuid", .credential(.uuid))
      outbound.add("flow", flow.map { .string($0.rawValue) })
      outbound.add("packet_encoding", "xudp")
      addStream(node, to: &outbound)
      return outbound
    case .trojan:
      var outbound = server(node, type: "trojan")
      outbound.add("password", .credential(.uuid))
      outbound.add("tls", .object(tls(node)))
      outbound.add("transport", transport(node.transport))
      return outbound
    case .hysteria2(let obfuscationPassword, let hopping):
      var outbound = server(node, type: "hysteria2")
      if let hopping {
        outbound.add("server_ports", [.string(hopping.range(":"))])
        outbound.add("hop_interval", "\(hopping.interval)s")
      }
      outbound.add("password", .credential(.uuid))
      if let obfuscationPassword {
        outbound.add("obfs", ["type": "salamander", "password": .string(obfuscationPassword)])
      }
      outbound.add("tls", .object(tls(node)))
      return outbound
    case .tuic(let congestionControl):
      var outbound = server(node, type: "tuic")
      outbound.add("uuid", .credential(.uuid))
      outbound.add("password", .credential(.uuid))
      outbound.add("congestion_control", congestionControl.rawValue)
      outbound.add("udp_relay_mode", "native")
      outbound.add("tls", .object(tls(node, alpn: ["h3"])))
      return outbound
    case .anytls:
      var outbound = server(node, type: "anytls")
      outbound.add("password", .credential(.uuid))
      outbound.add("tls", .object(tls(node)))
      return outbound
    case .socks:
      var outbound = login(node, type: "socks")
      outbound.add("version", "5")
      return outbound
    case .http:
      var outbound = login(node, type: "http")
      if node.security != .none { outbound.add("tls", .object(tls(node))) }
      return outbound
    case .naive:
      var outbound = login(node, type: "naive")
      // Any other key of `tls` is refused.
      outbound.add("tls", ["enabled": true, "server_name": .string(node.impliedTLS.serverName)])
      return outbound
    case .mieru:
      // No version supports it.
      return DocumentObject()
    }
  }

  private func login(_ node: ProxyNode, type: String) -> DocumentObject {
    var outbound = server(node, type: type)
    outbound.add("username", .credential(.uuid))
    outbound.add("password", .credential(.uuid))
    return outbound
  }

  private func server(_ node: ProxyNode, type: String) -> DocumentObject {
    var outbound = DocumentObject()
    outbound.add("type", type)
    outbound.add("tag", node.name)
    outbound.add("server", node.host)
    outbound.add("server_port", .integer(Int(node.port)))
    return outbound
  }

  private func addStream(_ node: ProxyNode, to outbound: inout DocumentObject) {
    if node.security != .none { outbound.add("tls", .object(tls(node))) }
    outbound.add("transport", transport(node.transport))
  }

  private func tls(_ node: ProxyNode, alpn: [String] = []) -> DocumentObject {
    if case .reality(let reality) = node.security {
      return [
        "enabled": true,
        "server_name": .string(reality.serverName),
        "utls": ["enabled": true, "fingerprint": .string(reality.fingerprint.rawValue)],
        "reality": [
          "enabled": true, "public_key": .string(reality.publicKey),
          "short_id": .string(reality.shortID),
        ],
      ]
    }
    let settings = node.impliedTLS
    var tls: DocumentObject = ["enabled": true, "server_name": .string(settings.serverName)]
    tls.addUnlessEmpty("alpn", settings.alpn.isEmpty ? alpn : settings.alpn)
    if settings.allowsInsecure { tls.add("insecure", true) }
    if let fingerprint = settings.fingerprint, node.canImitateBrowsers {
      tls.add("utls", ["enabled": true, "fingerprint": .string(fingerprint.rawValue)])
    }
    return tls
  }

  private func transport(_ transport: Transport) -> DocumentValue? {
    switch transport {
    case .tcp, .xhttp:
      return nil
    case .webSocket(let endpoint):
      let earlyData = endpoint.earlyData
      var object: DocumentObject = [
        "type": "ws", "path": .string(earlyData?.path ?? endpoint.path),
      ]
      if let host = endpoint.host { object.add("headers", ["Host": .string(host)]) }
      if let earlyData {
        object.add("max_early_data", .integer(earlyData.mostBytes))
        object.add("early_data_header_name", HTTPEndpoint.EarlyData.header)
      }
      return .object(object)
    case .httpUpgrade(let endpoint):
      var object: DocumentObject = ["type": "httpupgrade", "path": .string(endpoint.path)]
      object.add("host", endpoint.host.map(DocumentValue.string))
      return .object(object)
    case .grpc(let serviceName):
      return ["type": "grpc", "service_name": .string(serviceName)]
    }
  }
}

extension ProxyNode {
  /// Whether the handshake is TLS over TCP: QUIC has no uTLS.
  fileprivate var canImitateBrowsers: Bool {
    switch proxy {
    case .hysteria2, .tuic: false
    default: true
    }
  }
}
