package import FieldViolations
package import SubscriptionFormats

/// A Hysteria 2 inbound.
package struct Hysteria2Server: InboundSettings {
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

  package var security: ServerSecurity { .tls(tls) }

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
          "must be at least 4 printable ASCII characters, without spaces, quotes or backslashes"
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

extension Hysteria2Server {
  package func client(isRelayed: Bool) -> Proxy {
    .hysteria2(obfuscationPassword: obfuscationPassword, hopping: isRelayed ? nil : hopping)
  }

  package func addUniProxy(to document: inout DocumentObject) {
    document.add("version", 2)
    document.add("host", tls.serverName)
    document.add("server_name", tls.serverName)
    document.add("up_mbps", .integer(Int(upMbps)))
    document.add("down_mbps", .integer(Int(downMbps)))
    document.add("ignore_client_bandwidth", .boolean(upMbps == 0 && downMbps == 0))
    // V1 agents read the key with a hyphen, v2node the one with an underscore.
    document.add("obfs", obfuscationPassword == nil ? .null : "salamander")
    document.add("obfs-password", .optional(obfuscationPassword))
    document.add("obfs_password", .optional(obfuscationPassword))
    UniProxyConfig.add(tls, to: &document)
  }

  package var v2bXCore: String? { "sing" }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    if upMbps > 0 { inbound.add("up_mbps", .integer(Int(upMbps))) }
    if downMbps > 0 { inbound.add("down_mbps", .integer(Int(downMbps))) }
    if let obfuscationPassword {
      inbound.add("obfs", ["type": "salamander", "password": .string(obfuscationPassword)])
    }
    inbound.add("users", snippet.passwords)
    inbound.add("tls", .object(snippet.tls(tls)))
    return true
  }
}

extension Hysteria2Server {
  private enum CodingKeys: String, CodingKey {
    case tls
    case upMbps = "up_mbps"
    case downMbps = "down_mbps"
    case obfuscationPassword = "obfs_password"
    case hopping = "port_hopping"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
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
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tls, forKey: .tls)
    try container.encode(upMbps, forKey: .upMbps)
    try container.encode(downMbps, forKey: .downMbps)
    try container.encodeIfPresent(obfuscationPassword, forKey: .obfuscationPassword)
    try container.encodeIfPresent(hopping, forKey: .hopping)
  }
}

extension PortHopping {
  /// Hysteria refuses to hop more often.
  private static let shortestInterval: UInt16 = 5

  var violations: [FieldViolation] {
    var violations: [FieldViolation] = []
    if first == 0 { violations.append(FieldViolation("first", "must be between 1 and 65535")) }
    if last < first {
      violations.append(FieldViolation("last", "must not be less than first"))
    }
    if interval < Self.shortestInterval {
      violations.append(FieldViolation("interval", "must be at least 5 seconds"))
    }
    return violations
  }
}

/// JSON: `first`, `last`, `interval` in seconds.
extension PortHopping: Codable {
  private enum CodingKeys: String, CodingKey { case first, last, interval }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      first: try container.decodeInteger(UInt16.self, forKey: .first),
      last: try container.decodeInteger(UInt16.self, forKey: .last),
      interval: try container.decodeIntegerIfPresent(UInt16.self, forKey: .interval)
        ?? Self.defaultInterval
    )
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(first, forKey: .first)
    try container.encode(last, forKey: .last)
    try container.encode(interval, forKey: .interval)
  }
}
