/// A Hysteria 2 inbound.
package struct Hysteria2Server: InboundSettings, Hashable {
  package var listener: Listener
  package var tls: ServerTLS
  /// The most a client may send and receive, in Mbit/s; 0 for no limit.
  package var upMbps: UInt32
  package var downMbps: UInt32
  /// The password of salamander, or nil to go without obfuscation.
  package var obfuscationPassword: String?
  /// The ports that the node's machine redirects to the listener's, or nil.
  package var hopping: PortHopping?

  package init(
    listener: Listener,
    tls: ServerTLS,
    upMbps: UInt32 = 0,
    downMbps: UInt32 = 0,
    obfuscationPassword: String? = nil,
    hopping: PortHopping? = nil
  ) {
    self.listener = listener
    self.tls = tls
    self.upMbps = upMbps
    self.downMbps = downMbps
    self.obfuscationPassword = obfuscationPassword
    self.hopping = hopping
  }

  /// The shortest password that salamander takes.
  private static let shortestPassword = 4

  package var violations: [FieldViolation] {
    var violations = tls.violations.map { $0.inside("tls") }
    if let obfuscationPassword,
      obfuscationPassword.utf8.count < Self.shortestPassword || !Self.isPlain(obfuscationPassword)
    {
      violations.append(
        FieldViolation(
          "obfs_password",
          "must be at least 4 printable ASCII characters, without spaces, quotes and backslashes"
        )
      )
    }
    return violations + (hopping?.violations.map { $0.inside("port_hopping") } ?? [])
  }

  /// v2node puts the password into a JSON text as it is.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
  }
}

/// A TUIC (version 5) inbound.
package struct TUICServer: InboundSettings, Hashable {
  package var listener: Listener
  package var tls: ServerTLS
  package var congestionControl: CongestionControl
  /// Whether clients may send with the first packet, at the price of replays.
  package var allowsZeroRTT: Bool

  package init(
    listener: Listener,
    tls: ServerTLS,
    congestionControl: CongestionControl = .bbr,
    allowsZeroRTT: Bool = false
  ) {
    self.listener = listener
    self.tls = tls
    self.congestionControl = congestionControl
    self.allowsZeroRTT = allowsZeroRTT
  }

  package var violations: [FieldViolation] {
    tls.violations.map { $0.inside("tls") }
  }
}

/// An AnyTLS inbound.
package struct AnyTLSServer: InboundSettings, Hashable {
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

  package var violations: [FieldViolation] {
    var violations = tls.violations.map { $0.inside("tls") }
    let hasStop = paddingScheme.contains { $0.utf8.starts(with: "stop=".utf8) }
    if !hasStop || !paddingScheme.allSatisfy({ $0.utf8.contains(UInt8(ascii: "=")) }) {
      violations.append(
        FieldViolation("padding_scheme", "must be lines of key=value, one of them stop=<packets>")
      )
    }
    return violations
  }
}

private enum TLSServerKeys: String, CodingKey {
  case tls
  case upMbps = "up_mbps"
  case downMbps = "down_mbps"
  case obfuscationPassword = "obfs_password"
  case congestionControl = "congestion_control"
  case allowsZeroRTT = "zero_rtt_handshake"
  case paddingScheme = "padding_scheme"
  case hopping = "port_hopping"
}

extension Hysteria2Server: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: TLSServerKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      tls: try container.decode(ServerTLS.self, forKey: .tls),
      upMbps: try container.decodeIntegerIfPresent(UInt32.self, forKey: .upMbps) ?? 0,
      downMbps: try container.decodeIntegerIfPresent(UInt32.self, forKey: .downMbps) ?? 0,
      obfuscationPassword: try container.decodeIfPresent(String.self, forKey: .obfuscationPassword),
      hopping: try container.decodeIfPresent(PortHopping.self, forKey: .hopping)
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: TLSServerKeys.self)
    try container.encode(tls, forKey: .tls)
    try container.encode(upMbps, forKey: .upMbps)
    try container.encode(downMbps, forKey: .downMbps)
    try container.encodeIfPresent(obfuscationPassword, forKey: .obfuscationPassword)
    try container.encodeIfPresent(hopping, forKey: .hopping)
  }
}

extension TUICServer: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: TLSServerKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      tls: try container.decode(ServerTLS.self, forKey: .tls),
      congestionControl: try container.decodeIfPresent(
        CongestionControl.self,
        forKey: .congestionControl
      ) ?? .bbr,
      allowsZeroRTT: try container.decodeIfPresent(Bool.self, forKey: .allowsZeroRTT) ?? false
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: TLSServerKeys.self)
    try container.encode(tls, forKey: .tls)
    try container.encode(congestionControl, forKey: .congestionControl)
    try container.encode(allowsZeroRTT, forKey: .allowsZeroRTT)
  }
}

extension AnyTLSServer: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: TLSServerKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      tls: try container.decode(ServerTLS.self, forKey: .tls),
      paddingScheme: try container.decodeIfPresent([String].self, forKey: .paddingScheme)
        ?? Self.defaultPaddingScheme
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: TLSServerKeys.self)
    try container.encode(tls, forKey: .tls)
    try container.encode(paddingScheme, forKey: .paddingScheme)
  }
}
