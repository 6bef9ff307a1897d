package import FieldViolations
package import SubscriptionFormats

/// A VLESS inbound.
package struct VLESSServer: StreamServer {
  package var listener: Listener
  package var flow: VLESSFlow?
  package var transport: Transport
  package var security: ServerSecurity

  package init(
    listener: Listener,
    flow: VLESSFlow? = nil,
    transport: Transport = .tcp,
    security: ServerSecurity
  ) {
    self.listener = listener
    self.flow = flow
    self.transport = transport
    self.security = security
  }

  package var violations: [FieldViolation] {
    var violations = streamViolations
    if flow == .vision, transport != .tcp || security == .none {
      violations.append(
        FieldViolation(
          "flow",
          "must be left out unless the transport is tcp and the security tls or reality"
        )
      )
    }
    return violations
  }
}

extension VLESSServer {
  package func client(isRelayed: Bool) -> Proxy { .vless(flow: flow) }

  package func addUniProxy(to document: inout DocumentObject) {
    document.add("flow", flow?.rawValue ?? "")
    UniProxyConfig.addStream(self, to: &document)
  }

  package var modMuSort: Int? { 11 }

  package func addModMu(to config: inout DocumentObject) {
    config.add("enable_vless", "1")
    config.add("flow", flow?.rawValue ?? "")
    ModMuNode.addStream(self, to: &config)
  }

  package var xrayRNodeType: String? { "V2ray" }

  package func addXrayR(to api: inout DocumentObject) {
    api.add("EnableVless", true)
    api.add("VlessFlow", flow?.rawValue ?? "")
  }

  package var v2bXCore: String? { "xray" }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    let flow: DocumentValue = .string(flow?.rawValue ?? "")
    inbound.add("users", snippet.users { ["uuid": .string($0.credential.text), "flow": flow] })
    return snippet.addStream(self, to: &inbound)
  }
}

extension VLESSServer {
  private enum CodingKeys: String, CodingKey { case flow, transport, security }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      flow: try container.decodeIfPresent(VLESSFlow.self, forKey: .flow),
      transport: try container.decodeIfPresent(Transport.self, forKey: .transport) ?? .tcp,
      security: try container.decode(ServerSecurity.self, forKey: .security)
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(transport, forKey: .transport)
    try container.encode(security, forKey: .security)
    try container.encodeIfPresent(flow, forKey: .flow)
  }
}
