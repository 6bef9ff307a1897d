package import FieldViolations
package import SubscriptionFormats

/// Overrides the server name, host and TLS settings shown to customers of a client, e.g. behind a
/// CDN.
///
/// The server's agent isn't told.
package struct ClientFront: Sendable, Hashable, Codable {
  /// The TLS server name, or nil for the server's.
  package var serverName: String?
  /// The Host header of transports that look like HTTP, or nil for the server's.
  package var host: String?
  /// Whether customers connect with TLS that the front terminates, while the server has none.
  package var endsTLS: Bool

  private enum CodingKeys: String, CodingKey {
    case host
    case serverName = "server_name"
    case endsTLS = "ends_tls"
  }

  package init(serverName: String? = nil, host: String? = nil, endsTLS: Bool = false) {
    self.serverName = serverName
    self.host = host
    self.endsTLS = endsTLS
  }

  /// What is wrong with the front itself, whatever its server.
  package var violations: [FieldViolation] {
    var violations: [FieldViolation] = []
    if let serverName, !HostName.isHost(serverName) {
      violations.append(FieldViolation("server_name", "must be a host name"))
    }
    if let host, !HostName.isHost(host) {
      violations.append(FieldViolation("host", "must be a host name"))
    }
    if endsTLS, serverName == nil {
      violations.append(FieldViolation("server_name", "is required if the front terminates TLS"))
    }
    return violations
  }

  /// The fields that don't fit the server.
  package func misfits(_ settings: NodeServerSettings) -> [FieldViolation] {
    let node = settings.proxyNode(name: "", host: "localhost")
    var misfits: [FieldViolation] = []
    if endsTLS, !Self.canGainTLS(node) {
      misfits.append(FieldViolation("ends_tls", "requires a vmess or vless server without TLS"))
    } else if serverName != nil, !endsTLS, !node.hasTLS {
      misfits.append(
        FieldViolation(
          "server_name",
          "requires a server with TLS other than reality, or ends_tls"
        )
      )
    }
    if host != nil, node.transport.endpoint == nil {
      misfits.append(
        FieldViolation("host", "requires a transport with a Host header: ws, httpupgrade or xhttp")
      )
    }
    return misfits
  }

  /// The node as customers reach it. Fields that don't fit, e.g. after a change of the server, are
  /// ignored.
  package func applied(to node: ProxyNode) -> ProxyNode {
    var node = node
    if endsTLS, let serverName, Self.canGainTLS(node) {
      node.security = .tls(TLSSettings(serverName: serverName))
    } else if let serverName, case .tls(var tls) = node.security {
      tls.serverName = serverName
      node.security = .tls(tls)
    }
    if let host { node.transport.setHost(host) }
    return node
  }

  private static func canGainTLS(_ node: ProxyNode) -> Bool {
    node.security == .none && node.proxy.canGainTLS
  }
}

extension ProxyNode {
  fileprivate var hasTLS: Bool {
    if case .tls = security { true } else { false }
  }
}

extension Transport {
  fileprivate mutating func setHost(_ host: String) {
    guard var endpoint else { return }
    endpoint.host = host
    switch self {
    case .webSocket: self = .webSocket(endpoint)
    case .httpUpgrade: self = .httpUpgrade(endpoint)
    case .xhttp(_, let mode): self = .xhttp(endpoint, mode: mode)
    case .tcp, .grpc: break
    }
  }
}
