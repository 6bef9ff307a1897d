extension UniProxyConfig {
  func addShadowsocks(_ server: ShadowsocksServer, to document: inout DocumentObject) {
    addTransport(.tcp, to: &document)
    document.add("cipher", server.cipher.rawValue)
    document.add("server_key", .optional(server.serverKey))
    // The generation of XrayR reads `obfs` and serves HTTP by itself, that of Xboard passes on the
    // plugin.
    if case .obfs(.http, let host) = server.plugin {
      document.add("obfs", "http")
      document.add("obfs_settings", ["path": "/", "host": .string(host)])
    } else {
      document.add("obfs", .null)
      document.add("obfs_settings", .null)
    }
    if let plugin = server.plugin {
      document.add("plugin", plugin.program)
      document.add("plugin_opts", plugin.options)
    }
  }

  func addHysteria2(_ server: Hysteria2Server, to document: inout DocumentObject) {
    document.add("version", 2)
    document.add("host", server.tls.serverName)
    document.add("server_name", server.tls.serverName)
    document.add("up_mbps", .integer(Int(server.upMbps)))
    document.add("down_mbps", .integer(Int(server.downMbps)))
    document.add("ignore_client_bandwidth", .boolean(server.upMbps == 0 && server.downMbps == 0))
    // V1 agents read the key with a hyphen, v2node the one with an underscore.
    document.add("obfs", server.obfuscationPassword == nil ? .null : "salamander")
    document.add("obfs-password", .optional(server.obfuscationPassword))
    document.add("obfs_password", .optional(server.obfuscationPassword))
    addTLS(server.tls, to: &document)
  }

  func addTUIC(_ server: TUICServer, to document: inout DocumentObject) {
    document.add("version", 5)
    document.add("server_name", server.tls.serverName)
    document.add("congestion_control", server.congestionControl.rawValue)
    document.add("zero_rtt_handshake", .boolean(server.allowsZeroRTT))
    addTLS(server.tls, to: &document)
  }

  func addAnyTLS(_ server: AnyTLSServer, to document: inout DocumentObject) {
    addTransport(.tcp, to: &document)
    document.add("server_name", server.tls.serverName)
    document.add("padding_scheme", .strings(server.paddingScheme))
    addTLS(server.tls, to: &document)
  }

  /// What only agents of Xboard serve: TCP, in the clear or over TLS.
  func addPlainStream(_ tls: ServerTLS?, to document: inout DocumentObject) {
    addTransport(.tcp, to: &document)
    if let tls {
      document.add("server_name", tls.serverName)
      addTLS(tls, to: &document)
    } else {
      document.add("tls", 0)
      document.add("tls_settings", [:])
    }
  }

  func addMieru(_ server: MieruServer, to document: inout DocumentObject) {
    addTransport(.tcp, to: &document)
    document.add("transport", server.transport.rawValue)
    document.add("traffic_pattern", "")
  }
}
