/// What encrypts a proxy's stream outside the protocol itself, as a client sees it.
package enum Security: Sendable, Hashable {
  case none
  case tls(TLSSettings)
  case reality(RealitySettings)
}

/// A client's TLS settings.
package struct TLSSettings: Sendable, Hashable {
  package var serverName: String
  package var alpn: [String]
  /// The browser whose handshake is imitated, or nil for the client's own.
  package var fingerprint: ClientFingerprint?
  /// Whether any certificate is accepted. Only for self-signed ones, since the server is then not
  /// authenticated.
  package var allowsInsecure: Bool

  package init(
    serverName: String,
    alpn: [String] = [],
    fingerprint: ClientFingerprint? = nil,
    allowsInsecure: Bool = false
  ) {
    self.serverName = serverName
    self.alpn = alpn
    self.fingerprint = fingerprint
    self.allowsInsecure = allowsInsecure
  }
}

/// A client's REALITY settings.
package struct RealitySettings: Sendable, Hashable {
  package var serverName: String
  /// The server's X25519 public key: 43 characters of base64url.
  package var publicKey: String
  /// Up to 16 hexadecimal digits, an even number of them.
  package var shortID: String
  package var fingerprint: ClientFingerprint

  package init(
    serverName: String,
    publicKey: String,
    shortID: String,
    fingerprint: ClientFingerprint = .chrome
  ) {
    self.serverName = serverName
    self.publicKey = publicKey
    self.shortID = shortID
    self.fingerprint = fingerprint
  }
}

/// The browsers whose TLS handshake uTLS imitates, by the names that all cores share.
package enum ClientFingerprint: String, Sendable, Hashable, Codable {
  case chrome, firefox, safari, ios, android, edge, qq, random
  case browser360 = "360"
}
