/// A SIP003 plugin that disguises Shadowsocks.
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
  /// The plugin's program, as SIP002 links and SIP008 name it.
  package var program: String {
    switch self {
    case .obfs: "obfs-local"
    case .webSocket: "v2ray-plugin"
    }
  }

  /// The plugin's options as SIP003 writes them.
  package var options: String {
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
