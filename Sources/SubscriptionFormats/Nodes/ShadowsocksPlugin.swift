/// A SIP003 plugin that disguises Shadowsocks.
///
/// JSON: `type` is `obfs` or `v2ray-plugin`; `mode` (http, tls) and `host` of the first, `path`,
/// `host` and `tls` of the second.
package enum ShadowsocksPlugin: Sendable, Hashable {
  /// simple-obfs.
  case obfs(ObfuscationMode, host: String)
  /// v2ray-plugin over WebSocket.
  case webSocket(HTTPEndpoint, usesTLS: Bool)

  /// What simple-obfs looks like.
  package enum ObfuscationMode: String, Sendable, Hashable, Codable {
    case http, tls
  }
}

extension ShadowsocksPlugin {
  var violations: [FieldViolation] {
    switch self {
    case .obfs(_, let host):
      HostName.isHost(host) ? [] : [FieldViolation("host", "must be a host name")]
    case .webSocket(let endpoint, _):
      endpoint.violations
        + (endpoint.path.utf8.contains(where: Self.isSpecial)
          ? [FieldViolation("path", "must not have semicolons, equals signs and backslashes")] : [])
    }
  }

  /// SIP003 separates options by these; not every client reads them escaped.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ";") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "\\")
  }

  /// The plugin's program, as SIP002 links and SIP008 name it.
  var program: String {
    switch self {
    case .obfs: "obfs-local"
    case .webSocket: "v2ray-plugin"
    }
  }

  /// The plugin's options as SIP003 writes them.
  var options: String {
    switch self {
    case .obfs(let mode, let host):
      return "obfs=\(mode.rawValue);obfs-host=\(host)"
    case .webSocket(let endpoint, let usesTLS):
      var options = ["mode=websocket"]
      if usesTLS { options.append("tls") }
      if let host = endpoint.host { options.append("host=\(host)") }
      options.append("path=\(endpoint.path)")
      return options.joined(separator: ";")
    }
  }
}

extension ShadowsocksPlugin: Codable {
  private enum CodingKeys: String, CodingKey {
    case type, mode, host, path, tls
  }

  private enum Kind: String, Codable {
    case obfs
    case webSocket = "v2ray-plugin"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .type) {
    case .obfs:
      self = .obfs(
        try container.decodeIfPresent(ObfuscationMode.self, forKey: .mode) ?? .http,
        host: try container.decode(String.self, forKey: .host)
      )
    case .webSocket:
      let endpoint = HTTPEndpoint(
        path: try container.decodeIfPresent(String.self, forKey: .path) ?? "/",
        host: try container.decodeIfPresent(String.self, forKey: .host)
      )
      self = .webSocket(
        endpoint,
        usesTLS: try container.decodeIfPresent(Bool.self, forKey: .tls) ?? false
      )
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .obfs(let mode, let host):
      try container.encode(Kind.obfs, forKey: .type)
      try container.encode(mode, forKey: .mode)
      try container.encode(host, forKey: .host)
    case .webSocket(let endpoint, let usesTLS):
      try container.encode(Kind.webSocket, forKey: .type)
      try container.encode(endpoint.path, forKey: .path)
      try container.encodeIfPresent(endpoint.host, forKey: .host)
      try container.encode(usesTLS, forKey: .tls)
    }
  }
}
