package import FieldViolations
package import SubscriptionFormats

/// An HTTP proxy inbound. Agents of Xboard serve it.
package struct HTTPServer: InboundSettings {
  package var listener: Listener
  /// Nil serves in the clear.
  package var tls: ServerTLS?

  package init(listener: Listener, tls: ServerTLS? = nil) {
    self.listener = listener
    self.tls = tls
  }

  package var security: ServerSecurity { tls.map(ServerSecurity.tls) ?? .none }

  package var violations: [FieldViolation] { tls?.violations.map { $0.inside("tls") } ?? [] }
}

extension HTTPServer {
  package func client(isRelayed: Bool) -> Proxy { .http }

  package func addUniProxy(to document: inout DocumentObject) {
    UniProxyConfig.addPlainStream(tls, to: &document)
  }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    inbound.add("users", snippet.logins)
    if let tls { inbound.add("tls", .object(snippet.tls(tls))) }
    return true
  }
}

extension HTTPServer {
  private enum CodingKeys: String, CodingKey { case tls }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      tls: try container.decodeIfPresent(ServerTLS.self, forKey: .tls)
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(tls, forKey: .tls)
  }
}
