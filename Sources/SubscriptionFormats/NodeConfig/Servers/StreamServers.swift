/// An inbound whose protocol runs over a choice of transports.
package protocol StreamServer: InboundSettings {
  var transport: Transport { get }
  var security: ServerSecurity { get }
}

extension StreamServer {
  var transportViolations: [FieldViolation] {
    switch transport {
    case .tcp: []
    case .webSocket(let endpoint), .httpUpgrade(let endpoint), .xhttp(let endpoint, _):
      endpoint.violations.map { $0.inside("transport") }
    case .grpc(let serviceName):
      serviceName.isEmpty || serviceName.hasControlCharacters
        ? [FieldViolation("transport.service_name", "must be text without control characters")]
        : []
    }
  }
}

extension HTTPEndpoint {
  var violations: [FieldViolation] {
    var violations: [FieldViolation] = []
    if !path.utf8.starts(with: "/".utf8) || !path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
      violations.append(FieldViolation("path", "must begin with a slash and be printable ASCII"))
    }
    if let host, !HostName.isHost(host) {
      violations.append(FieldViolation("host", "must be a host name"))
    }
    return violations
  }
}

/// A VMess inbound.
package struct VMessServer: StreamServer, Hashable {
  package var listener: Listener
  package var transport: Transport
  /// None or TLS.
  package var security: ServerSecurity

  package init(listener: Listener, transport: Transport = .tcp, security: ServerSecurity = .none) {
    self.listener = listener
    self.transport = transport
    self.security = security
  }

  package var violations: [FieldViolation] {
    var violations = transportViolations + security.violations
    if case .reality = security {
      violations.append(FieldViolation("security.type", "must be none or tls with vmess"))
    }
    return violations
  }
}

/// A VLESS inbound.
package struct VLESSServer: StreamServer, Hashable {
  package var listener: Listener
  package var flow: VLESSFlow?
  package var transport: Transport
  package var security: ServerSecurity

  package init(
    listener: Listener,
    flow: VLESSFlow? = nil,
    transport: Transport = .tcp,
    security: ServerSecurity
  ) {
    self.listener = listener
    self.flow = flow
    self.transport = transport
    self.security = security
  }

  package var violations: [FieldViolation] {
    var violations = transportViolations + security.violations
    if flow == .vision, transport != .tcp || security == .none {
      violations.append(
        FieldViolation(
          "flow",
          "must be left out unless the transport is tcp and the security tls or reality"
        )
      )
    }
    return violations
  }
}

/// A Trojan inbound.
package struct TrojanServer: StreamServer, Hashable {
  package var listener: Listener
  package var transport: Transport
  /// TLS or REALITY.
  package var security: ServerSecurity

  package init(listener: Listener, transport: Transport = .tcp, security: ServerSecurity) {
    self.listener = listener
    self.transport = transport
    self.security = security
  }

  package var violations: [FieldViolation] {
    var violations = transportViolations + security.violations
    if security == .none {
      violations.append(FieldViolation("security.type", "must be tls or reality with trojan"))
    }
    switch transport {
    case .tcp, .webSocket, .grpc: break
    case .httpUpgrade, .xhttp:
      violations.append(FieldViolation("transport.type", "must be tcp, ws or grpc with trojan"))
    }
    return violations
  }
}

private enum StreamKeys: String, CodingKey {
  case flow, transport, security
}

extension VMessServer: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: StreamKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      transport: try container.decodeIfPresent(Transport.self, forKey: .transport) ?? .tcp,
      security: try container.decodeIfPresent(ServerSecurity.self, forKey: .security) ?? .none
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try encodeStream(to: encoder)
  }
}

extension VLESSServer: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: StreamKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      flow: try container.decodeIfPresent(VLESSFlow.self, forKey: .flow),
      transport: try container.decodeIfPresent(Transport.self, forKey: .transport) ?? .tcp,
      security: try container.decode(ServerSecurity.self, forKey: .security)
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try encodeStream(to: encoder)
    var container = encoder.container(keyedBy: StreamKeys.self)
    try container.encodeIfPresent(flow, forKey: .flow)
  }
}

extension TrojanServer: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: StreamKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      transport: try container.decodeIfPresent(Transport.self, forKey: .transport) ?? .tcp,
      security: try container.decode(ServerSecurity.self, forKey: .security)
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try encodeStream(to: encoder)
  }
}

extension StreamServer {
  fileprivate func encodeStream(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: StreamKeys.self)
    try container.encode(transport, forKey: .transport)
    try container.encode(security, forKey: .security)
  }
}
