/// What carries the stream of a proxy protocol.
package enum Transport: Sendable, Hashable {
  case tcp
  case webSocket(HTTPEndpoint)
  case httpUpgrade(HTTPEndpoint)
  case grpc(serviceName: String)
  case xhttp(HTTPEndpoint, mode: XHTTPMode)
}

/// Where a transport that looks like HTTP is served.
package struct HTTPEndpoint: Sendable, Hashable {
  /// Begins with a slash.
  package var path: String
  /// The Host header, or nil for the server's name.
  package var host: String?

  package init(path: String, host: String? = nil) {
    self.path = path
    self.host = host
  }
}

extension HTTPEndpoint {
  /// What xray takes an `ed` parameter at the end of a WebSocket's path for: how much may be sent
  /// with the first request, in a header.
  struct EarlyData {
    /// The path without it.
    let path: String
    let mostBytes: Int

    static let header = "Sec-WebSocket-Protocol"
  }

  var earlyData: EarlyData? {
    guard let mark = path.firstRange(of: "?ed="), let bytes = UInt16(path[mark.upperBound...]),
      bytes > 0
    else { return nil }
    return EarlyData(path: String(path[..<mark.lowerBound]), mostBytes: Int(bytes))
  }
}

/// How XHTTP splits its upload.
package enum XHTTPMode: String, Sendable, Hashable, Codable {
  case auto
  case packetUp = "packet-up"
  case streamUp = "stream-up"
  case streamOne = "stream-one"
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
