package import FieldViolations
package import SubscriptionFormats

/// A NaïveProxy inbound. Agents of Xboard serve it.
package struct NaiveServer: InboundSettings {
  package var listener: Listener
  package var tls: ServerTLS

  package init(listener: Listener, tls: ServerTLS) {
    self.listener = listener
    self.tls = tls
  }

  package var security: ServerSecurity { .tls(tls) }

  package var violations: [FieldViolation] {
    var violations = tls.violations.map { $0.inside("tls") }
    if tls.allowsInsecure {
      violations.append(
        FieldViolation("tls.allow_insecure", "must be false: naive always checks certificates")
      )
    }
    return violations
  }
}

extension NaiveServer {
  package func client(isRelayed: Bool) -> Proxy { .naive }

  package func addUniProxy(to document: inout DocumentObject) {
    UniProxyConfig.addPlainStream(tls, to: &document)
  }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    inbound.add("users", snippet.logins)
    inbound.add("tls", .object(snippet.tls(tls)))
    return true
  }
}

extension NaiveServer {
  private enum CodingKeys: String, CodingKey { case tls }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      tls: try container.decode(ServerTLS.self, forKey: .tls)
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tls, forKey: .tls)
  }
}
