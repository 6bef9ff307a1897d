/// A proxy protocol with what a client must know besides its own credential.
package enum Proxy: Sendable, Hashable {
  case shadowsocks(ShadowsocksCipher, serverKey: String?, plugin: ShadowsocksPlugin? = nil)
  case vmess
  case vless(flow: VLESSFlow?)
  case trojan
  case hysteria2(obfuscationPassword: String?, hopping: PortHopping? = nil)
  case tuic(congestionControl: CongestionControl)
  case anytls
  /// SOCKS 5 (RFC 1928, 1929).
  case socks
  /// HTTP CONNECT, in the clear or over TLS.
  case http
  /// NaïveProxy: HTTP/2 CONNECT in the clothes of Chromium.
  case naive
  case mieru(MieruTransport, multiplexing: MieruMultiplexing)
}

/// The Shadowsocks ciphers that every supported agent and client runs.
///
/// `aes-192-gcm` does not start in xray and `2022-blake3-chacha20-poly1305` has no multi-user mode,
/// so neither is offered.
package enum ShadowsocksCipher: String, Sendable, Hashable, Codable, CaseIterable {
  case aes128GCM = "aes-128-gcm"
  case aes256GCM = "aes-256-gcm"
  case chacha20Poly1305 = "chacha20-ietf-poly1305"
  case blake3AES128GCM = "2022-blake3-aes-128-gcm"
  case blake3AES256GCM = "2022-blake3-aes-256-gcm"

  /// The size in bytes of the server's and of each user's key (SIP022), or nil for the older AEAD
  /// ciphers, which take a password.
  package var keyLength: Int? {
    switch self {
    case .aes128GCM, .aes256GCM, .chacha20Poly1305: nil
    case .blake3AES128GCM: 16
    case .blake3AES256GCM: 32
    }
  }
}

/// The flows of VLESS.
package enum VLESSFlow: String, Sendable, Hashable, Codable {
  case vision = "xtls-rprx-vision"
}

/// The congestion controllers of TUIC.
package enum CongestionControl: String, Sendable, Hashable, Codable {
  case cubic
  case bbr
  case newReno = "new_reno"
}

/// What mieru runs over.
package enum MieruTransport: String, Sendable, Hashable, Codable, CaseIterable {
  case tcp = "TCP"
  case udp = "UDP"
}

/// How many streams mieru's clients put into one connection.
package enum MieruMultiplexing: String, Sendable, Hashable, Codable, CaseIterable {
  case off, low, middle, high

  /// The name that mieru has for it.
  var mieruName: String { "MULTIPLEXING_" + rawValue.uppercased() }
}
