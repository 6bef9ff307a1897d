package import FieldViolations
package import SubscriptionFormats

/// A mieru inbound. Agents of Xboard serve it.
package struct MieruServer: InboundSettings {
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

extension MieruServer {
  package func client(isRelayed: Bool) -> Proxy { .mieru(transport, multiplexing: multiplexing) }

  package func addUniProxy(to document: inout DocumentObject) {
    UniProxyConfig.add(.tcp, to: &document)
    document.add("transport", transport.rawValue)
    document.add("traffic_pattern", "")
  }
}

extension MieruServer {
  private enum CodingKeys: String, CodingKey { case transport, multiplexing }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      transport: try container.decodeIfPresent(MieruTransport.self, forKey: .transport) ?? .tcp,
      multiplexing: try container.decodeIfPresent(MieruMultiplexing.self, forKey: .multiplexing)
        ?? .low
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(transport, forKey: .transport)
    try container.encode(multiplexing, forKey: .multiplexing)
  }
}
