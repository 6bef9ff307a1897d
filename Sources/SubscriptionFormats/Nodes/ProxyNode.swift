/// One entry of a customer's node list: where to connect, and how.
package struct ProxyNode: Sendable, Hashable {
  /// What the customer reads. Any text: each format encodes it in its own way.
  package var name: String
  /// A host name or an IP literal; IPv6 without brackets.
  package var host: String
  package var port: UInt16
  package var proxy: Proxy
  package var transport: Transport
  package var security: Security

  package init(
    name: String,
    host: String,
    port: UInt16,
    proxy: Proxy,
    transport: Transport = .tcp,
    security: Security = .none
  ) {
    self.name = name
    self.host = host
    self.port = port
    self.proxy = proxy
    self.transport = transport
    self.security = security
  }

  /// The TLS settings of a protocol that has no form without TLS: its own, or else plain TLS for
  /// its host.
  var impliedTLS: TLSSettings {
    if case .tls(let tls) = security { return tls }
    return TLSSettings(serverName: host)
  }
  /// The name that the client asks for in its TLS handshake.
  var serverName: String {
    if case .reality(let reality) = security { reality.serverName } else { impliedTLS.serverName }
  }
}
