package import FieldViolations
package import SubscriptionFormats

/// A TUIC (version 5) inbound.
package struct TUICServer: InboundSettings {
  package var listener: Listener
  package var tls: ServerTLS
  package var congestionControl: CongestionControl
  /// Whether clients may send with the first packet, at the price of replays.
  package var allowsZeroRTT: Bool

  package init(
    listener: Listener,
    tls: ServerTLS,
    congestionControl: CongestionControl = .bbr,
    allowsZeroRTT: Bool = false
  ) {
    self.listener = listener
    self.tls = tls
    self.congestionControl = congestionControl
    self.allowsZeroRTT = allowsZeroRTT
  }

  package var security: ServerSecurity { .tls(tls) }

  package var violations: [FieldViolation] {
    tls.violations.map { $0.inside("tls") }
  }
}

extension TUICServer {
  package func client(isRelayed: Bool) -> Proxy { .tuic(congestionControl: congestionControl) }

  package func addUniProxy(to document: inout DocumentObject) {
    document.add("version", 5)
    document.add("server_name", tls.serverName)
    document.add("congestion_control", congestionControl.rawValue)
    document.add("zero_rtt_handshake", .boolean(allowsZeroRTT))
    UniProxyConfig.add(tls, to: &document)
  }

  package var v2bXCore: String? { "sing" }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    inbound.add(
      "users",
      snippet.users {
        ["uuid": .string($0.credential.text), "password": .string($0.credential.text)]
      }
    )
    inbound.add("congestion_control", congestionControl.rawValue)
    inbound.add("zero_rtt_handshake", .boolean(allowsZeroRTT))
    inbound.add("tls", .object(snippet.tls(tls, alpn: ["h3"])))
    return true
  }
}

extension TUICServer {
  private enum CodingKeys: String, CodingKey {
    case tls
    case congestionControl = "congestion_control"
    case allowsZeroRTT = "zero_rtt_handshake"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      tls: try container.decode(ServerTLS.self, forKey: .tls),
      congestionControl: try container.decodeIfPresent(
        CongestionControl.self,
        forKey: .congestionControl
      ) ?? .bbr,
      allowsZeroRTT: try container.decodeIfPresent(Bool.self, forKey: .allowsZeroRTT) ?? false
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tls, forKey: .tls)
    try container.encode(congestionControl, forKey: .congestionControl)
    try container.encode(allowsZeroRTT, forKey: .allowsZeroRTT)
  }
}
