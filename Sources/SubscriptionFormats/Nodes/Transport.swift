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
    let maxBytes: Int

    static let header = "Sec-WebSocket-Protocol"
  }

  var earlyData: EarlyData? {
    guard let mark = path.firstRange(of: "?ed="), let bytes = UInt16(path[mark.upperBound...]),
      bytes > 0
    else { return nil }
    return EarlyData(path: String(path[..<mark.lowerBound]), maxBytes: Int(bytes))
  }
}

/// How XHTTP splits its upload.
package enum XHTTPMode: String, Sendable, Hashable, Codable {
  case auto
  case packetUp = "packet-up"
  case streamUp = "stream-up"
  case streamOne = "stream-one"
}

extension Transport {
  /// The name that xray, share links and node agents have for it.
  package var xrayName: String {
    switch self {
    case .tcp: "tcp"
    case .webSocket: "ws"
    case .httpUpgrade: "httpupgrade"
    case .grpc: "grpc"
    case .xhttp: "xhttp"
    }
  }
}
