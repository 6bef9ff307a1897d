package import FieldViolations
package import SubscriptionFormats

/// A Shadowsocks inbound.
package struct ShadowsocksServer: InboundSettings {
  package var listener: Listener
  package var cipher: ShadowsocksCipher
  /// The server's key in base64, with the 2022 ciphers only: agents refuse one beside an older
  /// cipher.
  package var serverKey: String?
  /// What runs in front of the inbound, or nil. Only XrayR runs one by itself: simple-obfs in HTTP
  /// mode.
  package var plugin: ShadowsocksPlugin?

  package init(
    listener: Listener,
    cipher: ShadowsocksCipher = .blake3AES256GCM,
    serverKey: String?,
    plugin: ShadowsocksPlugin? = nil
  ) {
    self.listener = listener
    self.cipher = cipher
    self.serverKey = serverKey
    self.plugin = plugin
  }

  package var violations: [FieldViolation] {
    keyViolations + (plugin?.violations.map { $0.inside("plugin") } ?? [])
  }

  private var keyViolations: [FieldViolation] {
    switch (cipher.keyLength, serverKey) {
    case (nil, nil): []
    case (nil, _?): [FieldViolation("server_key", "must be left out with \(cipher.rawValue)")]
    case (let length?, nil):
      [FieldViolation("server_key", "must be \(length) bytes in base64 with \(cipher.rawValue)")]
    case (let length?, let key?):
      Self.isKey(key, length: length)
        ? []
        : [
          FieldViolation("server_key", "must be \(length) bytes in base64 with \(cipher.rawValue)")
        ]
    }
  }

  /// Standard, padded base64: the agents' decoders take no other.
  private static func isKey(_ text: String, length: Int) -> Bool {
    let hasStandardAlphabet = !text.utf8.contains {
      $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
    }
    return hasStandardAlphabet && text.utf8.count == Base64.encodedCount(length)
      && Base64.decodedCount(text) == length
  }
}

extension ShadowsocksServer {
  package func client(isRelayed: Bool) -> Proxy {
    .shadowsocks(cipher, serverKey: serverKey, plugin: plugin)
  }

  package func addUniProxy(to document: inout DocumentObject) {
    UniProxyConfig.add(.tcp, to: &document)
    document.add("cipher", cipher.rawValue)
    document.add("server_key", .optional(serverKey))
    // The generation of XrayR reads `obfs` and serves HTTP by itself, that of Xboard passes on the
    // plugin.
    if case .obfs(.http, let host) = plugin {
      document.add("obfs", "http")
      document.add("obfs_settings", ["path": "/", "host": .string(host)])
    } else {
      document.add("obfs", .null)
      document.add("obfs_settings", .null)
    }
    if let plugin {
      document.add("plugin", plugin.program)
      document.add("plugin_opts", plugin.options)
    }
  }

  /// XrayR would take the keys of Shadowsocks 2022 from elsewhere.
  package var modMuSort: Int? { cipher.keyLength == nil && plugin == nil ? 0 : nil }

  package func addModMu(to config: inout DocumentObject) {
    config.add("method", cipher.rawValue)
  }

  package var xrayRNodeType: String? {
    if case .webSocket = plugin { nil } else { "Shadowsocks" }
  }

  package var v2bXCore: String? { plugin == nil ? "xray" : nil }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    guard plugin == nil else { return false }
    inbound.add("method", cipher.rawValue)
    inbound.add("password", serverKey.map(DocumentValue.string))
    inbound.add(
      "users",
      snippet.users { user in
        let key = cipher.keyLength.map(user.credential.shadowsocksKey)
        return ["password": .string(key ?? user.credential.text)]
      }
    )
    return true
  }
}

extension ShadowsocksServer {
  private enum CodingKeys: String, CodingKey {
    case cipher, plugin
    case serverKey = "server_key"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      listener: try Listener(from: decoder),
      cipher: try container.decode(ShadowsocksCipher.self, forKey: .cipher),
      serverKey: try container.decodeIfPresent(String.self, forKey: .serverKey),
      plugin: try container.decodeIfPresent(ShadowsocksPlugin.self, forKey: .plugin)
    )
  }

  package func encode(to encoder: any Encoder) throws {
    try listener.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(cipher, forKey: .cipher)
    try container.encodeIfPresent(serverKey, forKey: .serverKey)
    try container.encodeIfPresent(plugin, forKey: .plugin)
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
          ? [FieldViolation("path", "must not have semicolons, equals signs or backslashes")] : [])
    }
  }

  /// SIP003 separates options by these; not every client reads them escaped.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ";") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "\\")
  }
}

/// JSON: `type` is `obfs` or `v2ray-plugin`; `mode` (http, tls) and `host` of the first, `path`,
/// `host` and `tls` of the second.
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
