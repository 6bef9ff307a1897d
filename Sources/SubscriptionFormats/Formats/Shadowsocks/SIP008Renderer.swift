import FoundationEssentials

/// Writes the online configuration of Shadowsocks clients.
///
/// SIP008 may contain traffic figures. They are in the response headers instead, so that a document
/// changes only with its nodes. Source: SIP008, shadowsocks.org/doc/sip008.html.
struct SIP008Renderer: DocumentRenderer {
  func supports(_ node: ProxyNode) -> Bool { node.isShadowsocks }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    let document: DocumentObject = [
      "version": 1, "servers": .array(nodes.map { .object(server($0)) }),
    ]
    var template = DocumentTemplate()
    JSONWriter(isIndented: true).write(.object(document), to: &template)
    template.append(UInt8(ascii: "\n"))
    return template
  }

  private func server(_ node: ProxyNode) -> DocumentObject {
    guard case .shadowsocks(let cipher, let serverKey, let plugin) = node.proxy else {
      return DocumentObject()
    }
    var server: DocumentObject = [
      "id": .string(node.stableID), "remarks": .string(node.name), "server": .string(node.host),
      "server_port": .integer(Int(node.port)),
      "password": .credential(.shadowsocksPassword(cipher, serverKey: serverKey)),
      "method": .string(cipher.rawValue),
    ]
    server.add("plugin", plugin.map { .string($0.program) })
    server.add("plugin_opts", plugin.map { .string($0.options) })
    return server
  }
}

/// Writes the dynamic access key of Outline, which holds one server: the first.
///
/// Source: developers.google.com/outline/docs/guides/service-providers/dynamic-access-keys.
struct OutlineRenderer: DocumentRenderer {
  /// Outline has the older AEAD ciphers and no plugins.
  func supports(_ node: ProxyNode) -> Bool {
    if case .shadowsocks(let cipher, _, nil) = node.proxy { cipher.keyLength == nil } else { false }
  }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    var document = DocumentObject()
    if let node = nodes.first, case .shadowsocks(let cipher, let serverKey, _) = node.proxy {
      document = [
        "server": .string(node.host), "server_port": .integer(Int(node.port)),
        "method": .string(cipher.rawValue),
        "password": .credential(.shadowsocksPassword(cipher, serverKey: serverKey)),
        "tag": .string(node.name),
      ]
    }
    var template = DocumentTemplate()
    JSONWriter(isIndented: true).write(.object(document), to: &template)
    template.append(UInt8(ascii: "\n"))
    return template
  }
}

extension ProxyNode {
  var isShadowsocks: Bool {
    if case .shadowsocks = proxy { true } else { false }
  }

  /// A UUID that stays the same as long as the node's name and address do (RFC 9562 version 8, by
  /// FNV-1a of 128 bits).
  fileprivate var stableID: String {
    var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b
    for byte in "\(host)\n\(port)\n\(name)".utf8 { hash = (hash ^ UInt128(byte)) &* prime }
    hash = hash & ~(0xF << 76) | 8 << 76
    hash = hash & ~(0x3 << 62) | 2 << 62
    let uuid = withUnsafeBytes(of: hash.bigEndian) { $0.loadUnaligned(as: uuid_t.self) }
    return String(decoding: CredentialText.text(of: UUID(uuid: uuid)), as: UTF8.self)
  }
}
