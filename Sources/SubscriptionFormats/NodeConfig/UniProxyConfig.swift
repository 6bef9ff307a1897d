/// The answer to UniProxy's `config`, and to `/api/v2/server/config` of v2node.
///
/// One document for all agents: XrayR, V2bX and v2node each read the keys they know, and some refuse a value of another JSON type, so
/// numbers, strings and null are exactly those of the panels they were written for.
package struct UniProxyConfig: Sendable, Hashable {
  package var settings: NodeServerSettings
  /// Seconds between reports of traffic.
  package var pushInterval: Int
  /// Seconds between requests for users.
  package var pullInterval: Int

  /// What agents do by themselves.
  package static let defaultInterval = 60
  /// An interval of zero is a busy loop in every agent.
  private static let shortestInterval = 1

  package init(settings: NodeServerSettings, pushInterval: Int = Self.defaultInterval, pullInterval: Int = Self.defaultInterval) {
    self.settings = settings
    self.pushInterval = max(pushInterval, Self.shortestInterval)
    self.pullInterval = max(pullInterval, Self.shortestInterval)
  }

  /// The JSON document: the same bytes for equal configurations, because agents restart on a change.
  package func encoded() -> [UInt8] {
    var template = DocumentTemplate()
    JSONWriter(isIndented: false).write(.object(document), to: &template)
    return template.literals
  }

  private var document: DocumentObject {
    var document = DocumentObject()
    let listener = settings.inbound.listener
    document.add("protocol", settings.protocolName.rawValue)
    document.add("listen_ip", listener.address)
    document.add("server_port", .integer(Int(listener.port)))
    switch settings {
    case .shadowsocks(let server): addShadowsocks(server, to: &document)
    case .vmess(let server): addStream(server, to: &document)
    case .vless(let server):
      document.add("flow", server.flow?.rawValue ?? "")
      addStream(server, to: &document)
    case .trojan(let server):
      let name = server.security.serverName
      document.add("host", name)
      document.add("server_name", name)
      addStream(server, to: &document)
    case .hysteria2(let server): addHysteria2(server, to: &document)
    case .tuic(let server): addTUIC(server, to: &document)
    case .anytls(let server): addAnyTLS(server, to: &document)
    }
    document.add("base_config", ["push_interval": .integer(pushInterval), "pull_interval": .integer(pullInterval)])
    return document
  }

  private func addShadowsocks(_ server: ShadowsocksServer, to document: inout DocumentObject) {
    addTransport(.tcp, to: &document)
    document.add("cipher", server.cipher.rawValue)
    document.add("server_key", .optional(server.serverKey))
    document.add("obfs", .null)
    document.add("obfs_settings", .null)
  }

  private func addStream(_ server: some StreamServer, to document: inout DocumentObject) {
    addTransport(server.transport, to: &document)
    switch server.security {
    case .none:
      document.add("tls", 0)
      document.add("tls_settings", [:])
    case .tls(let tls):
      addTLS(tls, to: &document)
    case .reality(let reality):
      document.add("tls", 2)
      document.add("tls_settings", realitySettings(reality))
    }
  }

  private func addHysteria2(_ server: Hysteria2Server, to document: inout DocumentObject) {
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

  private func addTUIC(_ server: TUICServer, to document: inout DocumentObject) {
    document.add("version", 5)
    document.add("server_name", server.tls.serverName)
    document.add("congestion_control", server.congestionControl.rawValue)
    document.add("zero_rtt_handshake", .boolean(server.allowsZeroRTT))
    addTLS(server.tls, to: &document)
  }

  private func addAnyTLS(_ server: AnyTLSServer, to document: inout DocumentObject) {
    addTransport(.tcp, to: &document)
    document.add("server_name", server.tls.serverName)
    document.add("padding_scheme", .strings(server.paddingScheme))
    addTLS(server.tls, to: &document)
  }
}
