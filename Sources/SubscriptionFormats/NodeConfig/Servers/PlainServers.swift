/// A SOCKS 5 inbound. Agents of Xboard serve it.
package struct SOCKSServer: InboundSettings, Hashable {
  package var listener: Listener

  package init(listener: Listener) {
    self.listener = listener
  }

  package var violations: [FieldViolation] { [] }
}

/// An HTTP proxy inbound. Agents of Xboard serve it.
package struct HTTPServer: InboundSettings, Hashable {
  package var listener: Listener
  /// Nil serves in the clear.
  package var tls: ServerTLS?

  package init(listener: Listener, tls: ServerTLS? = nil) {
    self.listener = listener
    self.tls = tls
  }

  package var violations: [FieldViolation] { tls?.violations.map { $0.inside("tls") } ?? [] }
}

/// A NaïveProxy inbound. Agents of Xboard serve it.
package struct NaiveServer: InboundSettings, Hashable {
  package var listener: Listener
  package var tls: ServerTLS

  package init(listener: Listener, tls: ServerTLS) {
    self.listener = listener
    self.tls = tls
  }

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

/// A mieru inbound. Agents of Xboard serve it.
package struct MieruServer: InboundSettings, Hashable {
  package var listener: Listener
  package var transport: MieruTransport
  /// What clients do.
  package var multiplexing: MieruMultiplexing

  package init(
    listener: Listener,
    transport: MieruTransport = .tcp,
    multiplexing: MieruMultiplexing = .low
  ) {
    self.listener = listener
    self.transport = transport
    self.multiplexing = multiplexing
  }

  package var violations: [FieldViolation] { [] }
}

private enum PlainServerKeys: String, CodingKey {
  case tls, transport, multiplexing
}

extension SOCKSServer: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(listener: try Listener(from: decoder))
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
  }
}

extension HTTPServer: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: PlainServerKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      tls: try container.decodeIfPresent(ServerTLS.self, forKey: .tls)
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: PlainServerKeys.self)
    try container.encodeIfPresent(tls, forKey: .tls)
  }
}

extension NaiveServer: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: PlainServerKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      tls: try container.decode(ServerTLS.self, forKey: .tls)
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: PlainServerKeys.self)
    try container.encode(tls, forKey: .tls)
  }
}

extension MieruServer: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: PlainServerKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      transport: try container.decodeIfPresent(MieruTransport.self, forKey: .transport) ?? .tcp,
      multiplexing: try container.decodeIfPresent(MieruMultiplexing.self, forKey: .multiplexing)
        ?? .low
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: PlainServerKeys.self)
    try container.encode(transport, forKey: .transport)
    try container.encode(multiplexing, forKey: .multiplexing)
  }
}
