package import FieldViolations
package import SubscriptionFormats

/// An AnyTLS inbound.
package struct AnyTLSServer: InboundSettings {
  package var listener: Listener
  package var tls: ServerTLS
  /// The lines of the padding scheme.
  package var paddingScheme: [String]

  package init(
    listener: Listener,
    tls: ServerTLS,
    paddingScheme: [String] = Self.defaultPaddingScheme
  ) {
    self.listener = listener
    self.tls = tls
    self.paddingScheme = paddingScheme
  }

  /// The protocol's own scheme.
  package static let defaultPaddingScheme = [
    "stop=8", "0=30-30", "1=100-400", "2=400-500,c,500-1000,c,500-1000,c,500-1000,c,500-1000",
    "3=9-9,500-1000", "4=500-1000", "5=500-1000",
    "6=500-1000", "7=500-1000",
  ]

  package var security: ServerSecurity { .tls(tls) }

  package var violations: [FieldViolation] {
    var violations = tls.violations.map { $0.inside("tls") }
    let hasStop = paddingScheme.contains { $0.utf8.starts(with: "stop=".utf8) }
    if !hasStop || !paddingScheme.allSatisfy({ $0.utf8.contains(UInt8(ascii: "=")) }) {
      violations.append(
        FieldViolation("padding_scheme", "must be lines of key=value, including stop=<packets>")
      )
    }
    return violations
  }
}

extension AnyTLSServer {
  package func client(isRelayed: Bool) -> Proxy { .anytls }

  package func addUniProxy(to document: inout DocumentObject) {
    UniProxyConfig.add(.tcp, to: &document)
    document.add("server_name", tls.serverName)
    document.add("padding_scheme", .strings(paddingScheme))
    UniProxyConfig.add(tls, to: &document)
  }

  package var v2bXCore: String? { "sing" }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    inbound.add("users", snippet.passwords)
    inbound.add("padding_scheme", .strings(paddingScheme))
    inbound.add("tls", .object(snippet.tls(tls)))
    return true
  }
}

extension AnyTLSServer {
  private enum CodingKeys: String, CodingKey {
    case tls
    case paddingScheme = "padding_scheme"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      tls: try container.decode(ServerTLS.self, forKey: .tls),
      paddingScheme: try container.decodeIfPresent([String].self, forKey: .paddingScheme)
        ?? Self.defaultPaddingScheme
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tls, forKey: .tls)
    try container.encode(paddingScheme, forKey: .paddingScheme)
  }
}
