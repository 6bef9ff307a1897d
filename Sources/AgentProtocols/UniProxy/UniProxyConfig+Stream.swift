import SubscriptionFormats

extension UniProxyConfig {
  /// Network and security of a protocol that has a choice of them.
  static func addStream(_ server: some StreamServer, to document: inout DocumentObject) {
    add(server.transport, to: &document)
    switch server.security {
    case .none: addNoTLS(to: &document)
    case .tls(let tls): add(tls, to: &document)
    case .reality(let reality):
      document.add("tls", 2)
      document.add("tls_settings", realitySettings(reality))
    }
  }

  /// What only agents of Xboard serve: TCP, in the clear or over TLS.
  static func addPlainStream(_ tls: ServerTLS?, to document: inout DocumentObject) {
    add(.tcp, to: &document)
    if let tls {
      document.add("server_name", tls.serverName)
      add(tls, to: &document)
    } else {
      addNoTLS(to: &document)
    }
  }

  private static func addNoTLS(to document: inout DocumentObject) {
    document.add("tls", 0)
    document.add("tls_settings", [:])
  }

  /// The network and its settings, under both names: V2bX prefers `networkSettings`, v2node reads
  /// only `network_settings`, XrayR the one or the other by its mode. They are an object even if
  /// empty, as V2bX fails without one and without the key.
  static func add(_ transport: Transport, to document: inout DocumentObject) {
    let settings = networkSettings(transport)
    document.add("network", transport.xrayName)
    document.add("networkSettings", settings)
    document.add("network_settings", settings)
  }

  /// xray's stream settings of the network.
  private static func networkSettings(_ transport: Transport) -> DocumentValue {
    switch transport {
    case .tcp:
      return [:]
    case .webSocket(let endpoint):
      var settings: DocumentObject = ["path": .string(endpoint.path)]
      if let host = endpoint.host { settings.add("headers", ["Host": .string(host)]) }
      return .object(settings)
    case .httpUpgrade(let endpoint):
      return .object(self.endpoint(endpoint))
    case .grpc(let serviceName):
      return ["serviceName": .string(serviceName)]
    case .xhttp(let endpoint, let mode):
      var settings = self.endpoint(endpoint)
      settings.add("mode", mode.rawValue)
      return .object(settings)
    }
  }

  private static func endpoint(_ endpoint: HTTPEndpoint) -> DocumentObject {
    var settings: DocumentObject = ["path": .string(endpoint.path)]
    settings.add("host", endpoint.host.map(DocumentValue.string))
    return settings
  }

  /// TLS by a certificate. The settings matter to v2node, which serves in the clear without a
  /// `cert_mode`, and `cert_config` to agents of Xboard.
  static func add(_ tls: ServerTLS, to document: inout DocumentObject) {
    var settings: DocumentObject = [
      "server_name": .string(tls.serverName), "cert_mode": .string(tls.certificate.mode.rawValue),
    ]
    switch tls.certificate {
    case .file(let certificate, let key):
      settings.add("cert_file", certificate.map(DocumentValue.string))
      settings.add("key_file", key.map(DocumentValue.string))
    case .selfSigned, .http: break
    case .dns(let provider, let environment):
      settings.add("provider", provider)
      let variables = tls.certificate.variables(environment).members.map {
        $0.key + "=" + ($0.value.text ?? "")
      }
      settings.add("dns_env", variables.joined(separator: ","))
    }
    document.add("tls", 1)
    document.add("tls_settings", .object(settings))
    document.add("cert_config", .object(certificate(tls)))
  }

  private static func certificate(_ tls: ServerTLS) -> DocumentObject {
    var settings: DocumentObject = [
      "cert_mode": .string(tls.certificate.mode.rawValue), "domain": .string(tls.serverName),
    ]
    switch tls.certificate {
    case .file(let certificate, let key):
      settings.add("cert_file", certificate.map(DocumentValue.string))
      settings.add("key_file", key.map(DocumentValue.string))
    case .selfSigned, .http: break
    case .dns(let provider, let environment):
      settings.add("dns_provider", provider)
      settings.add("dns_env", .object(tls.certificate.variables(environment)))
    }
    return settings
  }

  /// `server_port` and `xver` are strings: agents refuse numbers there.
  private static func realitySettings(_ reality: ServerReality) -> DocumentValue {
    [
      "server_name": .string(reality.serverName),
      "server_names": [.string(reality.serverName)],
      "dest": .string(reality.destination),
      "server_port": .string(String(reality.destinationPort)),
      "private_key": .string(reality.privateKey),
      "public_key": .string(reality.publicKey),
      "short_id": .string(reality.shortID),
      "short_ids": [.string(reality.shortID)],
      "xver": .string(String(reality.proxyProtocol)),
    ]
  }
}
