import SubscriptionFormats

/// A sing-box that serves the inbound, of version 1.12 or newer.
package struct SingBoxSnippet {
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
    let server = settings.inbound
    var inbound: DocumentObject = [
      "type": .string(settings.protocolName.rawValue), "tag": "in",
      "listen": .string(server.listener.address),
      "listen_port": .integer(Int(server.listener.port)),
    ]
    return server.addSingBox(self, to: &inbound) ? inbound : nil
  }

  // MARK: Users

  /// The users by their ids, each with what it proves itself by.
  func users(_ secrets: (NodeUser) -> DocumentObject) -> DocumentValue {
    .array(
      users.map { user in
        var object: DocumentObject = ["name": .string(String(user.id))]
        for secret in secrets(user).members { object.add(secret.key, secret.value) }
        return .object(object)
      }
    )
  }

  /// Users of a protocol that has passwords alone.
  var passwords: DocumentValue {
    users { ["password": .string($0.credential.text)] }
  }

  /// Users of a protocol that has names and passwords.
  var logins: DocumentValue {
    .array(
      users.map { user in
        let uuid: DocumentValue = .string(user.credential.text)
        return ["username": uuid, "password": uuid]
      }
    )
  }

  // MARK: Streams

  /// False if sing-box hasn't the transport.
  func addStream(_ server: some StreamServer, to inbound: inout DocumentObject) -> Bool {
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

  func tls(_ tls: ServerTLS, alpn: [String] = []) -> DocumentObject {
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
