import FieldViolations
package import SubscriptionFormats

/// REALITY of an inbound.
package struct ServerReality: Sendable, Hashable {
  /// The server name that clients send. The destination's certificate must include it.
  package var serverName: String
  /// The host whose TLS handshake is used.
  package var destination: String
  package var destinationPort: UInt16
  /// X25519, each 43 characters of base64url. The code that generates them makes sure that they are
  /// a pair.
  package var privateKey: String
  package var publicKey: String
  /// 2 to 16 hexadecimal digits, an even number of them.
  package var shortID: String
  /// The version of the PROXY protocol towards the destination, or 0.
  package var proxyProtocol: UInt8
  /// The browser whose TLS fingerprint clients imitate.
  package var fingerprint: ClientFingerprint

  package init(
    serverName: String,
    destination: String? = nil,
    destinationPort: UInt16 = 443,
    privateKey: String,
    publicKey: String,
    shortID: String,
    proxyProtocol: UInt8 = 0,
    fingerprint: ClientFingerprint = .chrome
  ) {
    self.serverName = serverName
    self.destination = destination ?? serverName
    self.destinationPort = destinationPort
    self.privateKey = privateKey
    self.publicKey = publicKey
    self.shortID = shortID
    self.proxyProtocol = proxyProtocol
    self.fingerprint = fingerprint
  }

  /// The size of an X25519 key (RFC 7748), in bytes and in base64url.
  private static let keyLength = 32
  private static let keyTextLength = 43
  private static let longestShortID = 16

  var violations: [FieldViolation] {
    var violations: [FieldViolation] = []
    if !HostName.isDomainName(serverName) {
      violations.append(FieldViolation("server_name", "must be a host name"))
    }
    if !HostName.isHost(destination) {
      violations.append(
        FieldViolation("dest", "must be a host name or an IP address, without a port")
      )
    }
    if destinationPort == 0 {
      violations.append(FieldViolation("dest_port", "must be between 1 and 65535"))
    }
    for (field, key) in [("private_key", privateKey), ("public_key", publicKey)]
    where !Self.isKey(key) {
      violations.append(FieldViolation(field, "must be an X25519 key: 43 characters of base64url"))
    }
    if shortID.isEmpty || shortID.utf8.count > Self.longestShortID || shortID.utf8.count % 2 != 0
      || !shortID.utf8.allSatisfy(Self.isHex)
    {
      violations.append(
        FieldViolation("short_id", "must be an even number of hexadecimal digits, 2 to 16")
      )
    }
    if proxyProtocol > 2 { violations.append(FieldViolation("xver", "must be 0, 1 or 2")) }
    return violations
  }

  var client: RealitySettings {
    RealitySettings(
      serverName: serverName,
      publicKey: publicKey,
      shortID: shortID,
      fingerprint: fingerprint
    )
  }

  private static func isKey(_ text: String) -> Bool {
    let hasURLAlphabet = !text.utf8.contains {
      $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "=")
    }
    return text.utf8.count == keyTextLength && hasURLAlphabet
      && Base64.decodedCount(text) == keyLength
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}

extension ServerReality: Codable {
  private enum CodingKeys: String, CodingKey {
    case fingerprint
    case serverName = "server_name"
    case destination = "dest"
    case destinationPort = "dest_port"
    case privateKey = "private_key"
    case publicKey = "public_key"
    case shortID = "short_id"
    case proxyProtocol = "xver"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      serverName: try container.decode(String.self, forKey: .serverName),
      destination: try container.decodeIfPresent(String.self, forKey: .destination),
      destinationPort: try container.decodeIntegerIfPresent(UInt16.self, forKey: .destinationPort)
        ?? 443,
      privateKey: try container.decode(String.self, forKey: .privateKey),
      publicKey: try container.decode(String.self, forKey: .publicKey),
      shortID: try container.decode(String.self, forKey: .shortID),
      proxyProtocol: try container.decodeIntegerIfPresent(UInt8.self, forKey: .proxyProtocol) ?? 0,
      fingerprint: try container.decodeIfPresent(ClientFingerprint.self, forKey: .fingerprint)
        ?? .chrome
    )
  }
}
