import FieldViolations
package import SubscriptionFormats

/// The TLS settings of an inbound and its clients.
package struct ServerTLS: Sendable, Hashable {
  package var serverName: String
  package var alpn: [String]
  package var certificate: ServerCertificate
  /// The browser that clients imitate, or nil.
  package var fingerprint: ClientFingerprint?
  /// Whether clients accept any certificate. Needed for self-signed ones.
  package var allowsInsecure: Bool

  package init(
    serverName: String,
    alpn: [String] = [],
    certificate: ServerCertificate = .file(certificate: nil, key: nil),
    fingerprint: ClientFingerprint? = nil,
    allowsInsecure: Bool = false
  ) {
    self.serverName = serverName
    self.alpn = alpn
    self.certificate = certificate
    self.fingerprint = fingerprint
    self.allowsInsecure = allowsInsecure
  }

  var violations: [FieldViolation] {
    var violations: [FieldViolation] = []
    if !HostName.isHost(serverName) {
      violations.append(FieldViolation("server_name", "must be a host name"))
    }
    let isMalformed = alpn.contains { name in
      name.isEmpty || name.utf8.contains(UInt8(ascii: ",")) || name.hasControlCharacters
    }
    if isMalformed {
      violations.append(FieldViolation("alpn", "must be protocol names, e.g. h2 and http/1.1"))
    }
    return violations + certificate.violations.map { $0.inside("certificate") }
  }

  var client: TLSSettings {
    TLSSettings(
      serverName: serverName,
      alpn: alpn,
      fingerprint: fingerprint,
      allowsInsecure: allowsInsecure
    )
  }
}

extension ServerTLS: Codable {
  private enum CodingKeys: String, CodingKey {
    case alpn, certificate, fingerprint
    case serverName = "server_name"
    case allowsInsecure = "allow_insecure"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      serverName: try container.decode(String.self, forKey: .serverName),
      alpn: try container.decodeIfPresent([String].self, forKey: .alpn) ?? [],
      certificate: try container.decodeIfPresent(ServerCertificate.self, forKey: .certificate)
        ?? .file(certificate: nil, key: nil),
      fingerprint: try container.decodeIfPresent(ClientFingerprint.self, forKey: .fingerprint),
      allowsInsecure: try container.decodeIfPresent(Bool.self, forKey: .allowsInsecure) ?? false
    )
  }
}
