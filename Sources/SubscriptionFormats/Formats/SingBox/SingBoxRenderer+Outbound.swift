extension SingBoxRenderer {
  /// An entry of `outbounds`.
  func outbound(_ node: ProxyNode) -> DocumentObject {
    var outbound = DocumentObject()
    node.proxy.clientProtocol.write(node, in: self, to: &outbound)
    return outbound
  }

  func addServer(_ node: ProxyNode, type: String, to outbound: inout DocumentObject) {
    outbound.add("type", type)
    outbound.add("tag", node.name)
    outbound.add("server", node.host)
    outbound.add("server_port", .integer(Int(node.port)))
  }

  func addLogin(to outbound: inout DocumentObject) {
    outbound.add("username", .credential(.uuid))
    outbound.add("password", .credential(.uuid))
  }

  func addStream(_ node: ProxyNode, to outbound: inout DocumentObject) {
    if node.security != .none { outbound.add("tls", .object(tls(node))) }
    outbound.add("transport", transport(node.transport))
  }

  func tls(_ node: ProxyNode, alpn: [String] = []) -> DocumentObject {
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
    if let fingerprint = settings.fingerprint, node.proxy.clientProtocol.canImitateBrowsers {
      tls.add("utls", ["enabled": true, "fingerprint": .string(fingerprint.rawValue)])
    }
    return tls
  }

  func transport(_ transport: Transport) -> DocumentValue? {
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
        object.add("max_early_data", .integer(earlyData.maxBytes))
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
