import FieldViolations
package import SubscriptionFormats

/// An inbound whose protocol runs over a choice of transports.
package protocol StreamServer: InboundSettings {
  var transport: Transport { get }
}

extension StreamServer {
  package var clientTransport: Transport { transport }

  /// What is wrong with what the protocol runs over.
  var streamViolations: [FieldViolation] { transport.violations + security.violations }
}

extension Transport {
  fileprivate var violations: [FieldViolation] {
    switch self {
    case .tcp: []
    case .webSocket(let endpoint), .httpUpgrade(let endpoint), .xhttp(let endpoint, _):
      endpoint.violations.map { $0.inside("transport") }
    case .grpc(let serviceName):
      serviceName.isEmpty || serviceName.hasControlCharacters
        ? [FieldViolation("transport.service_name", "must be text without control characters")] : []
    }
  }

  /// Where it looks like HTTP.
  var endpoint: HTTPEndpoint? {
    switch self {
    case .webSocket(let endpoint), .httpUpgrade(let endpoint), .xhttp(let endpoint, _): endpoint
    case .tcp, .grpc: nil
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

extension Transport: Codable {
  private enum CodingKeys: String, CodingKey {
    case type, path, host, mode
    case serviceName = "service_name"
  }

  private enum Kind: String, Codable {
    case tcp, ws, httpupgrade, grpc, xhttp
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func endpoint() throws -> HTTPEndpoint {
      HTTPEndpoint(
        path: try container.decodeIfPresent(String.self, forKey: .path) ?? "/",
        host: try container.decodeIfPresent(String.self, forKey: .host)
      )
    }
    switch try container.decode(Kind.self, forKey: .type) {
    case .tcp: self = .tcp
    case .ws: self = .webSocket(try endpoint())
    case .httpupgrade: self = .httpUpgrade(try endpoint())
    case .grpc: self = .grpc(serviceName: try container.decode(String.self, forKey: .serviceName))
    case .xhttp:
      self = .xhttp(
        try endpoint(),
        mode: try container.decodeIfPresent(XHTTPMode.self, forKey: .mode) ?? .auto
      )
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    func encode(_ kind: Kind, _ endpoint: HTTPEndpoint?) throws {
      try container.encode(kind, forKey: .type)
      try container.encodeIfPresent(endpoint?.path, forKey: .path)
      try container.encodeIfPresent(endpoint?.host, forKey: .host)
    }
    switch self {
    case .tcp: try encode(.tcp, nil)
    case .webSocket(let endpoint): try encode(.ws, endpoint)
    case .httpUpgrade(let endpoint): try encode(.httpupgrade, endpoint)
    case .grpc(let serviceName):
      try encode(.grpc, nil)
      try container.encode(serviceName, forKey: .serviceName)
    case .xhttp(let endpoint, let mode):
      try encode(.xhttp, endpoint)
      try container.encode(mode, forKey: .mode)
    }
  }
}
