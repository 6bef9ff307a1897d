package import SubscriptionFormats

/// What is in front of a server at one of its clients: a relay or a content network with a name, or
/// with TLS, of its own.
///
/// Customers are told this; the server's agent is not.
package struct ClientFront: Sendable, Hashable, Codable {
  /// The name of TLS's certificate, or nil for the server's.
  package var serverName: String?
  /// The Host header of transports that look like HTTP, or nil for the server's.
  package var host: String?
  /// Whether customers use TLS though the server doesn't: it ends in front.
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

  /// What is wrong with it, in front of whatever server.
  package var violations: [FieldViolation] {
    var violations: [FieldViolation] = []
    if let serverName, !HostName.isHost(serverName) {
      violations.append(FieldViolation("server_name", "must be a host name"))
    }
    if let host, !HostName.isHost(host) {
      violations.append(FieldViolation("host", "must be a host name"))
    }
    if endsTLS, serverName == nil {
      violations.append(FieldViolation("server_name", "must be there where TLS ends in front"))
    }
    return violations
  }

  /// What of it a server can't have in front of it.
  package func misfits(_ settings: NodeServerSettings) -> [FieldViolation] {
    let node = settings.proxyNode(name: "", host: "localhost")
    var misfits: [FieldViolation] = []
    if endsTLS, !Self.canGainTLS(node) {
      misfits.append(FieldViolation("ends_tls", "needs a server of vmess or vless without TLS"))
    } else if serverName != nil, !endsTLS, !node.hasTLS {
      misfits.append(
        FieldViolation(
          "server_name",
          "needs a server with TLS that isn't reality, or TLS that ends in front"
        )
      )
    }
    if host != nil, node.transport.endpoint == nil {
      misfits.append(
        FieldViolation("host", "needs a transport with a Host header: ws, httpupgrade or xhttp")
      )
    }
    return misfits
  }

  /// The node as customers reach it. What doesn't fit, as when the server has changed, is left out.
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
