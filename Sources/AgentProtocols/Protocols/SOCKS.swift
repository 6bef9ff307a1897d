package import FieldViolations
package import SubscriptionFormats

/// A SOCKS 5 inbound. Agents of Xboard serve it.
package struct SOCKSServer: InboundSettings {
  package var listener: Listener

  package init(listener: Listener) {
    self.listener = listener
  }

  package var violations: [FieldViolation] { [] }
}

extension SOCKSServer {
  package func client(isRelayed: Bool) -> Proxy { .socks }

  package func addUniProxy(to document: inout DocumentObject) {
    UniProxyConfig.addPlainStream(nil, to: &document)
  }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    inbound.add("users", snippet.logins)
    return true
  }
}

extension SOCKSServer {
  package init(from decoder: any Decoder) throws {
    self.init(listener: try Listener(from: decoder))
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
  }
}
