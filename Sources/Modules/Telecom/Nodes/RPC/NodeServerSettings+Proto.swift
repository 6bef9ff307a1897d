import AgentProtocols
import Platform
import SubscriptionFormats
import TelecomProtos

extension NodeServerSettings {
  /// The settings as an operator sent them; keys may be empty.
  init(_ message: Helium_Telecom_V1_NodeServerSettings) throws(InvalidInput) {
    guard let port = UInt16(exactly: message.serverPort) else {
      throw InvalidInput("server_port", "must be between 1 and 65535")
    }
    let listener =
      message.listenIp.isEmpty
      ? Listener(port: port) : Listener(address: message.listenIp, port: port)
    switch message.protocol {
    case .shadowsocks(let server):
      self = .shadowsocks(try ShadowsocksServer(server, listener: listener))
    case .vmess(let server): self = .vmess(try VMessServer(server, listener: listener))
    case .vless(let server): self = .vless(try VLESSServer(server, listener: listener))
    case .trojan(let server): self = .trojan(try TrojanServer(server, listener: listener))
    case .hysteria2(let server): self = .hysteria2(try Hysteria2Server(server, listener: listener))
    case .tuic(let server): self = .tuic(try TUICServer(server, listener: listener))
    case .anytls(let server): self = .anytls(try AnyTLSServer(server, listener: listener))
    case .socks: self = .socks(SOCKSServer(listener: listener))
    case .http(let server): self = .http(try HTTPServer(server, listener: listener))
    case .naive(let server): self = .naive(try NaiveServer(server, listener: listener))
    case .mieru(let server): self = .mieru(try MieruServer(server, listener: listener))
    case nil:
      throw InvalidInput("protocol", "must be set")
    }
  }
}

extension Helium_Telecom_V1_NodeServerSettings {
  /// The settings as operators see them: without private keys.
  init(_ settings: NodeServerSettings) {
    self.init()
    let listener = settings.inbound.listener
    listenIp = listener.address
    serverPort = UInt32(listener.port)
    switch settings {
    case .shadowsocks(let server): shadowsocks = .init(server)
    case .vmess(let server): vmess = .init(server)
    case .vless(let server): vless = .init(server)
    case .trojan(let server): trojan = .init(server)
    case .hysteria2(let server): hysteria2 = .init(server)
    case .tuic(let server): tuic = .init(server)
    case .anytls(let server): anytls = .init(server)
    case .socks: socks = .init()
    case .http(let server): http = .init(server)
    case .naive(let server): naive = .init(server)
    case .mieru(let server): mieru = .init(server)
    }
  }
}
