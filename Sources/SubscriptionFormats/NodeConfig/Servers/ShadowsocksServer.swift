/// A Shadowsocks inbound.
package struct ShadowsocksServer: InboundSettings, Hashable {
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

extension ShadowsocksServer: Codable {
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
