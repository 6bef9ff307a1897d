extension NodeServerSettings {
  /// The node that customers see of a server, under the name and at the address of one of its
  /// clients.
  ///
  /// - Parameters:
  ///   - port: where customers connect, or nil for the port on which the agent listens; another one
  ///     has something in front.
  ///   - behindRelay: whether a relay is in front, which does not pass on the ports of
  ///     `PortHopping`.
  package func proxyNode(name: String, host: String, port: UInt16? = nil, behindRelay: Bool = false)
    -> ProxyNode
  {
    let isRelayed = behindRelay || port.map { $0 != inbound.listener.port } ?? false
    return ProxyNode(
      name: name,
      host: host,
      port: port ?? inbound.listener.port,
      proxy: clientProxy(isRelayed: isRelayed),
      transport: clientTransport,
      security: clientSecurity
    )
  }

  private func clientProxy(isRelayed: Bool) -> Proxy {
    switch self {
    case .shadowsocks(let server):
      .shadowsocks(server.cipher, serverKey: server.serverKey, plugin: server.plugin)
    case .vmess: .vmess
    case .vless(let server): .vless(flow: server.flow)
    case .trojan: .trojan
    case .hysteria2(let server):
      .hysteria2(
        obfuscationPassword: server.obfuscationPassword,
        hopping: isRelayed ? nil : server.hopping
      )
    case .tuic(let server): .tuic(congestionControl: server.congestionControl)
    case .anytls: .anytls
    case .socks: .socks
    case .http: .http
    case .naive: .naive
    case .mieru(let server): .mieru(server.transport, multiplexing: server.multiplexing)
    }
  }

  private var clientTransport: Transport {
    (inbound as? any StreamServer)?.transport ?? .tcp
  }

  private var clientSecurity: Security {
    switch self {
    case .shadowsocks, .socks, .mieru: .none
    case .vmess(let server): server.security.client
    case .vless(let server): server.security.client
    case .trojan(let server): server.security.client
    case .hysteria2(let server): .tls(server.tls.client)
    case .tuic(let server): .tls(server.tls.client)
    case .anytls(let server): .tls(server.tls.client)
    case .http(let server): server.tls.map { .tls($0.client) } ?? .none
    case .naive(let server): .tls(server.tls.client)
    }
  }
}

/// What a host that customers connect to must be.
package enum ClientHost {
  /// Whether it is a host name or an IP address, IPv6 without brackets.
  package static func isValid(_ host: String) -> Bool { HostName.isHost(host) }
}
