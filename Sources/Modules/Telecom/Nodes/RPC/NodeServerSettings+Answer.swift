import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos

extension Helium_Telecom_V1_NodeServerSettings {
  /// The settings as operators see them: without private keys.
  init(_ settings: NodeServerSettings) {
    self.init()
    listenIp = settings.inbound.listener.address
    serverPort = UInt32(settings.inbound.listener.port)
    switch settings {
    case .shadowsocks(let server):
      shadowsocks = .with {
        $0.cipher = .init(server.cipher)
        $0.serverKey = server.serverKey ?? ""
        if let plugin = server.plugin { $0.plugin = .init(plugin) }
      }
    case .vmess(let server):
      vmess = .with {
        $0.transport = .init(server.transport)
        if case .tls(let tls) = server.security { $0.tls = .init(tls) }
      }
    case .vless(let server):
      vless = .with {
        $0.flow = server.flow == .vision ? .xtlsRprxVision : .unspecified
        $0.transport = .init(server.transport)
        switch server.security {
        case .none: break
        case .tls(let tls): $0.tls = .init(tls)
        case .reality(let reality): $0.reality = .init(reality)
        }
      }
    case .trojan(let server):
      trojan = .with {
        $0.transport = .init(server.transport)
        switch server.security {
        case .none: break
        case .tls(let tls): $0.tls = .init(tls)
        case .reality(let reality): $0.reality = .init(reality)
        }
      }
    case .hysteria2(let server):
      hysteria2 = .with {
        $0.tls = .init(server.tls)
        $0.upMbps = server.upMbps
        $0.downMbps = server.downMbps
        if let password = server.obfuscationPassword { $0.obfsPassword = password }
        if let hopping = server.hopping {
          $0.portHopping = .with {
            $0.first = UInt32(hopping.first)
            $0.last = UInt32(hopping.last)
            $0.intervalSeconds = UInt32(hopping.interval)
          }
        }
      }
    case .tuic(let server):
      tuic = .with {
        $0.tls = .init(server.tls)
        $0.congestionControl = .init(server.congestionControl)
        $0.zeroRttHandshake = server.allowsZeroRTT
      }
    case .anytls(let server):
      anytls = .with {
        $0.tls = .init(server.tls)
        $0.paddingScheme = server.paddingScheme
      }
    case .socks:
      socks = .init()
    case .http(let server):
      http = .with { if let tls = server.tls { $0.tls = .init(tls) } }
    case .naive(let server):
      naive = .with { $0.tls = .init(server.tls) }
    case .mieru(let server):
      mieru = .with {
        $0.transport = server.transport == .udp ? .udp : .tcp
        $0.multiplexing = .init(server.multiplexing)
      }
    }
  }
}

extension Helium_Telecom_V1_ShadowsocksCipher {
  fileprivate init(_ cipher: ShadowsocksCipher) {
    switch cipher {
    case .aes128GCM: self = .aes128Gcm
    case .aes256GCM: self = .aes256Gcm
    case .chacha20Poly1305: self = .chacha20IetfPoly1305
    case .blake3AES128GCM: self = .blake3Aes128Gcm
    case .blake3AES256GCM: self = .blake3Aes256Gcm
    }
  }
}

extension Helium_Telecom_V1_ShadowsocksPlugin {
  fileprivate init(_ plugin: ShadowsocksPlugin) {
    self.init()
    switch plugin {
    case .obfs(let mode, let host):
      obfs = .with {
        $0.mode = mode == .tls ? .tls : .http
        $0.host = host
      }
    case .webSocket(let endpoint, let usesTLS):
      v2RayPlugin = .with {
        $0.path = endpoint.path
        if let host = endpoint.host { $0.host = host }
        $0.tls = usesTLS
      }
    }
  }
}

extension Helium_Telecom_V1_MieruMultiplexing {
  fileprivate init(_ multiplexing: MieruMultiplexing) {
    switch multiplexing {
    case .off: self = .off
    case .low: self = .low
    case .middle: self = .middle
    case .high: self = .high
    }
  }
}

extension Helium_Telecom_V1_CongestionControl {
  fileprivate init(_ control: CongestionControl) {
    switch control {
    case .cubic: self = .cubic
    case .bbr: self = .bbr
    case .newReno: self = .newReno
    }
  }
}

extension Helium_Telecom_V1_Transport {
  fileprivate init(_ transport: Transport) {
    self.init()
    switch transport {
    case .tcp: tcp = .init()
    case .webSocket(let endpoint): ws = .init(endpoint)
    case .httpUpgrade(let endpoint): httpupgrade = .init(endpoint)
    case .grpc(let serviceName): grpc = .with { $0.serviceName = serviceName }
    case .xhttp(let endpoint, let mode):
      xhttp = .with {
        $0.path = endpoint.path
        if let host = endpoint.host { $0.host = host }
        $0.mode =
          switch mode {
          case .auto: .unspecified
          case .packetUp: .packetUp
          case .streamUp: .streamUp
          case .streamOne: .streamOne
          }
      }
    }
  }
}

extension Helium_Telecom_V1_HttpTransport {
  fileprivate init(_ endpoint: HTTPEndpoint) {
    self.init()
    path = endpoint.path
    if let host = endpoint.host { self.host = host }
  }
}

extension Helium_Telecom_V1_TlsSettings {
  fileprivate init(_ tls: ServerTLS) {
    self.init()
    serverName = tls.serverName
    alpn = tls.alpn
    certificate = .init(tls.certificate)
    fingerprint = .init(tls.fingerprint)
    allowInsecure = tls.allowsInsecure
  }
}

extension Helium_Telecom_V1_Certificate {
  fileprivate init(_ certificate: ServerCertificate) {
    self.init()
    switch certificate {
    case .file(let certificateFile, let keyFile):
      file = .with {
        if let certificateFile { $0.certificateFile = certificateFile }
        if let keyFile { $0.keyFile = keyFile }
      }
    case .selfSigned: selfSigned = .init()
    case .http: http = .init()
    case .dns(let provider, let environment):
      dns = .with {
        $0.provider = provider
        $0.environment = environment
      }
    }
  }
}

extension Helium_Telecom_V1_RealitySettings {
  fileprivate init(_ reality: ServerReality) {
    self.init()
    serverName = reality.serverName
    dest = reality.destination
    destPort = UInt32(reality.destinationPort)
    publicKey = reality.publicKey
    shortID = reality.shortID
    xver = UInt32(reality.proxyProtocol)
    fingerprint = .init(reality.fingerprint)
  }
}

extension Helium_Telecom_V1_ClientFingerprint {
  fileprivate init(_ fingerprint: ClientFingerprint?) {
    switch fingerprint {
    case nil: self = .unspecified
    case .chrome: self = .chrome
    case .firefox: self = .firefox
    case .safari: self = .safari
    case .ios: self = .ios
    case .android: self = .android
    case .edge: self = .edge
    case .qq: self = .qq
    case .random: self = .random
    case .browser360: self = .browser360
    }
  }
}
