/// A sing-box that serves the inbound, of version 1.12 or newer.
struct SingBoxSnippet {
  let settings: NodeServerSettings
  let users: [NodeUser]

  /// Nil for what sing-box doesn't serve.
  var text: String? {
    guard let inbound else { return nil }
    return JSONWriter.indented([
      "log": ["level": "warn"], "inbounds": [.object(inbound)],
      "outbounds": [["type": "direct", "tag": "direct"]],
    ])
  }

  private var inbound: DocumentObject? {
    var inbound: DocumentObject = [
      "type": .string(settings.protocolName.rawValue), "tag": "in",
      "listen": .string(settings.inbound.listener.address),
      "listen_port": .integer(Int(settings.inbound.listener.port)),
    ]
    switch settings {
    case .shadowsocks(let server):
      guard server.plugin == nil else { return nil }
      inbound.add("method", server.cipher.rawValue)
      inbound.add("password", server.serverKey.map(DocumentValue.string))
      inbound.add(
        "users",
        .array(
          users.map {
            user($0, "name", ["password": .string(shadowsocksPassword(server.cipher, $0))])
          }
        )
      )
    case .vmess(let server):
      inbound.add(
        "users",
        .array(users.map { user($0, "name", ["uuid": uuid($0), "alterId": 0]) })
      )
      guard add(server, to: &inbound) else { return nil }
    case .vless(let server):
      inbound.add(
        "users",
        .array(
          users.map {
            user($0, "name", ["uuid": uuid($0), "flow": .string(server.flow?.rawValue ?? "")])
          }
        )
      )
      guard add(server, to: &inbound) else { return nil }
    case .trojan(let server):
      inbound.add("users", passwords)
      guard add(server, to: &inbound) else { return nil }
    case .hysteria2(let server):
      if server.upMbps > 0 { inbound.add("up_mbps", .integer(Int(server.upMbps))) }
      if server.downMbps > 0 { inbound.add("down_mbps", .integer(Int(server.downMbps))) }
      if let password = server.obfuscationPassword {
        inbound.add("obfs", ["type": "salamander", "password": .string(password)])
      }
      inbound.add("users", passwords)
      inbound.add("tls", .object(tls(server.tls)))
    case .tuic(let server):
      inbound.add(
        "users",
        .array(users.map { user($0, "name", ["uuid": uuid($0), "password": uuid($0)]) })
      )
      inbound.add("congestion_control", server.congestionControl.rawValue)
      inbound.add("zero_rtt_handshake", .boolean(server.allowsZeroRTT))
      inbound.add("tls", .object(tls(server.tls, alpn: ["h3"])))
    case .anytls(let server):
      inbound.add("users", passwords)
      inbound.add("padding_scheme", .strings(server.paddingScheme))
      inbound.add("tls", .object(tls(server.tls)))
    case .socks: inbound.add("users", logins)
    case .http(let server):
      inbound.add("users", logins)
      if let tls = server.tls { inbound.add("tls", .object(self.tls(tls))) }
    case .naive(let server):
      inbound.add("users", logins)
      inbound.add("tls", .object(tls(server.tls)))
    case .mieru: return nil
    }
    return inbound
  }

  // MARK: Users

  private func user(_ user: NodeUser, _ nameKey: String, _ secrets: DocumentObject) -> DocumentValue
  {
    var object: DocumentObject = [:]
    object.add(nameKey, String(user.id))
    for member in secrets.members { object.add(member.key, member.value) }
    return .object(object)
  }

  private func uuid(_ user: NodeUser) -> DocumentValue {
    .string(String(decoding: CredentialText.text(of: user.credential.uuid), as: UTF8.self))
  }

  private var passwords: DocumentValue {
    .array(users.map { user($0, "name", ["password": uuid($0)]) })
  }
  private var logins: DocumentValue {
    .array(users.map { ["username": uuid($0), "password": uuid($0)] })
  }

  private func shadowsocksPassword(_ cipher: ShadowsocksCipher, _ user: NodeUser) -> String {
    let secret: Secret = cipher.keyLength.map(Secret.shadowsocksKey) ?? .uuid
    return String(
      decoding: CredentialText(user.credential).bytes(of: secret, percentEncoded: false),
      as: UTF8.self
    )
  }

  // MARK: Streams

  /// False if sing-box hasn't the transport.
  private func add(_ server: some StreamServer, to inbound: inout DocumentObject) -> Bool {
    switch server.security {
    case .none: break
    case .tls(let tls): inbound.add("tls", .object(self.tls(tls)))
    case .reality(let reality): inbound.add("tls", .object(self.reality(reality)))
    }
    switch server.transport {
    case .tcp: return true
    case .webSocket(let endpoint):
      inbound.add("transport", ["type": "ws", "path": .string(endpoint.path)])
    case .httpUpgrade(let endpoint):
      inbound.add("transport", ["type": "httpupgrade", "path": .string(endpoint.path)])
    case .grpc(let serviceName):
      inbound.add("transport", ["type": "grpc", "service_name": .string(serviceName)])
    case .xhttp: return false
    }
    return true
  }

  private func tls(_ tls: ServerTLS, alpn: [String] = []) -> DocumentObject {
    var object: DocumentObject = ["enabled": true, "server_name": .string(tls.serverName)]
    object.addUnlessEmpty("alpn", tls.alpn.isEmpty ? alpn : tls.alpn)
    switch tls.certificate {
    case .http:
      object.add("acme", ["domain": [.string(tls.serverName)], "data_directory": "acme"])
    case .file(let certificate, let key):
      object.add("certificate_path", certificate ?? "\(tls.serverName).crt")
      object.add("key_path", key ?? "\(tls.serverName).key")
    case .selfSigned, .dns:
      // sing-box signs nothing by itself, and knows few of lego's providers.
      object.add("certificate_path", "\(tls.serverName).crt")
      object.add("key_path", "\(tls.serverName).key")
    }
    return object
  }

  private func reality(_ reality: ServerReality) -> DocumentObject {
    [
      "enabled": true, "server_name": .string(reality.serverName),
      "reality": [
        "enabled": true,
        "handshake": [
          "server": .string(reality.destination),
          "server_port": .integer(Int(reality.destinationPort)),
        ],
        "private_key": .string(reality.privateKey), "short_id": [.string(reality.shortID)],
      ],
    ]
  }
}
