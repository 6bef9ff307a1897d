import AgentProtocols
import Platform
import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos

extension ShadowsocksServer {
  init(_ message: Helium_Telecom_V1_ShadowsocksSettings, listener: Listener) throws(InvalidInput) {
    self.init(
      listener: listener,
      cipher: try ShadowsocksCipher(message.cipher),
      serverKey: message.serverKey.isEmpty ? nil : message.serverKey,
      plugin: message.hasPlugin ? try ShadowsocksPlugin(message.plugin) : nil
    )
  }
}

extension Helium_Telecom_V1_ShadowsocksSettings {
  init(_ server: ShadowsocksServer) {
    self.init()
    cipher = .init(server.cipher)
    serverKey = server.serverKey ?? ""
    if let plugin = server.plugin { self.plugin = .init(plugin) }
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
