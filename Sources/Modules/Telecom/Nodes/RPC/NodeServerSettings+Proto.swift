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
      let cipher = try ShadowsocksCipher(server.cipher)
      self = .shadowsocks(
        ShadowsocksServer(
          listener: listener,
          cipher: cipher,
          serverKey: server.serverKey.isEmpty ? nil : server.serverKey,
          plugin: server.hasPlugin ? try ShadowsocksPlugin(server.plugin) : nil
        )
      )
    case .vmess(let server):
      self = .vmess(
        VMessServer(
          listener: listener,
          transport: try Transport(server.transport, in: "vmess"),
          security: server.hasTls ? .tls(try ServerTLS(server.tls, field: "vmess.tls")) : .none
        )
      )
    case .vless(let server):
      self = .vless(
        VLESSServer(
          listener: listener,
          flow: try VLESSFlow(server.flow),
          transport: try Transport(server.transport, in: "vless"),
          security: try ServerSecurity(server.security)
        )
      )
    case .trojan(let server):
      self = .trojan(
        TrojanServer(
          listener: listener,
          transport: try Transport(server.transport, in: "trojan"),
          security: try ServerSecurity(server.security)
        )
      )
    case .hysteria2(let server):
      self = .hysteria2(
        Hysteria2Server(
          listener: listener,
          tls: try ServerTLS(server.tls, field: "hysteria2.tls"),
          upMbps: server.upMbps,
          downMbps: server.downMbps,
          obfuscationPassword: server.hasObfsPassword ? server.obfsPassword : nil,
          hopping: server.hasPortHopping ? try PortHopping(server.portHopping) : nil
        )
      )
    case .tuic(let server):
      self = .tuic(
        TUICServer(
          listener: listener,
          tls: try ServerTLS(server.tls, field: "tuic.tls"),
          congestionControl: try CongestionControl(server.congestionControl),
          allowsZeroRTT: server.zeroRttHandshake
        )
      )
    case .anytls(let server):
      self = .anytls(
        AnyTLSServer(
          listener: listener,
          tls: try ServerTLS(server.tls, field: "anytls.tls"),
          paddingScheme: server.paddingScheme.isEmpty
            ? AnyTLSServer.defaultPaddingScheme : server.paddingScheme
        )
      )
    case .socks:
      self = .socks(SOCKSServer(listener: listener))
    case .http(let server):
      self = .http(
        HTTPServer(
          listener: listener,
          tls: server.hasTls ? try ServerTLS(server.tls, field: "http.tls") : nil
        )
      )
    case .naive(let server):
      self = .naive(
        NaiveServer(listener: listener, tls: try ServerTLS(server.tls, field: "naive.tls"))
      )
    case .mieru(let server):
      self = .mieru(
        MieruServer(
          listener: listener,
          transport: try MieruTransport(server.transport),
          multiplexing: try MieruMultiplexing(server.multiplexing)
        )
      )
    case nil:
      throw InvalidInput("protocol", "must be set")
    }
  }
}

extension ShadowsocksCipher {
  fileprivate init(_ cipher: Helium_Telecom_V1_ShadowsocksCipher) throws(InvalidInput) {
    switch cipher {
    case .aes128Gcm: self = .aes128GCM
    case .aes256Gcm: self = .aes256GCM
    case .chacha20IetfPoly1305: self = .chacha20Poly1305
    case .blake3Aes128Gcm: self = .blake3AES128GCM
    case .blake3Aes256Gcm, .unspecified: self = .blake3AES256GCM
    case .UNRECOGNIZED: throw InvalidInput("shadowsocks.cipher", "must be one of the ciphers")
    }
  }
}

extension ShadowsocksPlugin {
  fileprivate init(_ message: Helium_Telecom_V1_ShadowsocksPlugin) throws(InvalidInput) {
    switch message.type {
    case .obfs(let plugin):
      let mode: ObfuscationMode
      switch plugin.mode {
      case .unspecified, .http: mode = .http
      case .tls: mode = .tls
      case .UNRECOGNIZED:
        throw InvalidInput("shadowsocks.plugin.obfs.mode", "must be one of the modes")
      }
      self = .obfs(mode, host: plugin.host)
    case .v2RayPlugin(let plugin):
      self = .webSocket(
        HTTPEndpoint(plugin.path, plugin.hasHost ? plugin.host : nil),
        usesTLS: plugin.tls
      )
    case nil:
      throw InvalidInput("shadowsocks.plugin.type", "must be set")
    }
  }
}

extension PortHopping {
  fileprivate init(_ message: Helium_Telecom_V1_PortHopping) throws(InvalidInput) {
    guard let first = UInt16(exactly: message.first) else {
      throw InvalidInput("hysteria2.port_hopping.first", "must be 1 to 65535")
    }
    guard let last = UInt16(exactly: message.last) else {
      throw InvalidInput("hysteria2.port_hopping.last", "must be 1 to 65535")
    }
    guard let interval = UInt16(exactly: message.intervalSeconds) else {
      throw InvalidInput("hysteria2.port_hopping.interval_seconds", "must be at most 65535")
    }
    self.init(first: first, last: last, interval: interval == 0 ? Self.defaultInterval : interval)
  }
}

extension MieruTransport {
  fileprivate init(_ transport: Helium_Telecom_V1_MieruTransport) throws(InvalidInput) {
    switch transport {
    case .tcp, .unspecified: self = .tcp
    case .udp: self = .udp
    case .UNRECOGNIZED: throw InvalidInput("mieru.transport", "must be TCP or UDP")
    }
  }
}

extension MieruMultiplexing {
  fileprivate init(_ multiplexing: Helium_Telecom_V1_MieruMultiplexing) throws(InvalidInput) {
    switch multiplexing {
    case .off: self = .off
    case .low, .unspecified: self = .low
    case .middle: self = .middle
    case .high: self = .high
    case .UNRECOGNIZED: throw InvalidInput("mieru.multiplexing", "must be one of the levels")
    }
  }
}

extension VLESSFlow {
  fileprivate init?(_ flow: Helium_Telecom_V1_VlessFlow) throws(InvalidInput) {
    switch flow {
    case .xtlsRprxVision: self = .vision
    case .unspecified: return nil
    case .UNRECOGNIZED: throw InvalidInput("vless.flow", "must be one of the flows")
    }
  }
}

extension CongestionControl {
  fileprivate init(_ control: Helium_Telecom_V1_CongestionControl) throws(InvalidInput) {
    switch control {
    case .cubic: self = .cubic
    case .bbr, .unspecified: self = .bbr
    case .newReno: self = .newReno
    case .UNRECOGNIZED:
      throw InvalidInput("tuic.congestion_control", "must be one of the controllers")
    }
  }
}

extension Transport {
  fileprivate init(_ message: Helium_Telecom_V1_Transport, in server: String) throws(InvalidInput) {
    switch message.type {
    case .tcp, nil: self = .tcp
    case .ws(let http): self = .webSocket(HTTPEndpoint(http.path, http.hasHost ? http.host : nil))
    case .httpupgrade(let http):
      self = .httpUpgrade(HTTPEndpoint(http.path, http.hasHost ? http.host : nil))
    case .grpc(let grpc): self = .grpc(serviceName: grpc.serviceName)
    case .xhttp(let http):
      let mode: XHTTPMode
      switch http.mode {
      case .unspecified: mode = .auto
      case .packetUp: mode = .packetUp
      case .streamUp: mode = .streamUp
      case .streamOne: mode = .streamOne
      case .UNRECOGNIZED:
        throw InvalidInput("\(server).transport.xhttp.mode", "must be one of the modes")
      }
      self = .xhttp(HTTPEndpoint(http.path, http.hasHost ? http.host : nil), mode: mode)
    }
  }
}

extension HTTPEndpoint {
  fileprivate init(_ path: String, _ host: String?) {
    self.init(path: path.isEmpty ? "/" : path, host: host)
  }
}
