package import FieldViolations
package import SubscriptionFormats

/// A VMess inbound.
package struct VMessServer: StreamServer {
  package var listener: Listener
  package var transport: Transport
  /// None or TLS.
  package var security: ServerSecurity

  package init(listener: Listener, transport: Transport = .tcp, security: ServerSecurity = .none) {
    self.listener = listener
    self.transport = transport
    self.security = security
  }

  package var violations: [FieldViolation] {
    var violations = streamViolations
    if case .reality = security {
      violations.append(FieldViolation("security.type", "must be none or tls with vmess"))
    }
    return violations
  }
}

extension VMessServer {
  package func client(isRelayed: Bool) -> Proxy { .vmess }

  package func addUniProxy(to document: inout DocumentObject) {
    UniProxyConfig.addStream(self, to: &document)
  }

  package var modMuSort: Int? { 11 }

  package func addModMu(to config: inout DocumentObject) {
    config.add("enable_vless", "0")
    ModMuNode.addStream(self, to: &config)
  }

  package var xrayRNodeType: String? { "V2ray" }
  package var v2bXCore: String? { "xray" }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    inbound.add("users", snippet.users { ["uuid": .string($0.credential.text), "alterId": 0] })
    return snippet.addStream(self, to: &inbound)
  }
}

extension VMessServer {
  private enum CodingKeys: String, CodingKey { case transport, security }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      transport: try container.decodeIfPresent(Transport.self, forKey: .transport) ?? .tcp,
      security: try container.decodeIfPresent(ServerSecurity.self, forKey: .security) ?? .none
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(transport, forKey: .transport)
    try container.encode(security, forKey: .security)
  }
}
