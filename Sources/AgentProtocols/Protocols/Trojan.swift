package import FieldViolations
package import SubscriptionFormats

/// A Trojan inbound.
package struct TrojanServer: StreamServer {
  package var listener: Listener
  package var transport: Transport
  /// TLS or REALITY.
  package var security: ServerSecurity

  package init(listener: Listener, transport: Transport = .tcp, security: ServerSecurity) {
    self.listener = listener
    self.transport = transport
    self.security = security
  }

  package var violations: [FieldViolation] {
    var violations = streamViolations
    if security == .none {
      violations.append(FieldViolation("security.type", "must be tls or reality with trojan"))
    }
    switch transport {
    case .tcp, .webSocket, .grpc: break
    case .httpUpgrade, .xhttp:
      violations.append(FieldViolation("transport.type", "must be tcp, ws or grpc with trojan"))
    }
    return violations
  }
}

extension TrojanServer {
  package func client(isRelayed: Bool) -> Proxy { .trojan }

  package func addUniProxy(to document: inout DocumentObject) {
    document.add("host", security.serverName)
    document.add("server_name", security.serverName)
    UniProxyConfig.addStream(self, to: &document)
  }

  package var modMuSort: Int? { 14 }

  package func addModMu(to config: inout DocumentObject) {
    ModMuNode.addStream(self, to: &config)
  }

  package var xrayRNodeType: String? { "Trojan" }
  package var v2bXCore: String? { "xray" }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    inbound.add("users", snippet.passwords)
    return snippet.addStream(self, to: &inbound)
  }
}

extension TrojanServer {
  private enum CodingKeys: String, CodingKey { case transport, security }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      transport: try container.decodeIfPresent(Transport.self, forKey: .transport) ?? .tcp,
      security: try container.decode(ServerSecurity.self, forKey: .security)
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(transport, forKey: .transport)
    try container.encode(security, forKey: .security)
  }
}
