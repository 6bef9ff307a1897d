/// A proxy protocol with what a client must know besides its own credential.
package enum Proxy: Sendable, Hashable {
  case shadowsocks(ShadowsocksCipher, serverKey: String?, plugin: ShadowsocksPlugin? = nil)
  case vmess
  case vless(flow: VLESSFlow?)
  case trojan
  case hysteria2(obfuscationPassword: String?, hopping: PortHopping? = nil)
  case tuic(congestionControl: CongestionControl)
  case anytls
  /// SOCKS 5 (RFC 1928, 1929).
  case socks
  /// HTTP CONNECT, in the clear or over TLS.
  case http
  /// NaïveProxy: HTTP/2 CONNECT that looks like Chromium.
  case naive
  case mieru(MieruTransport, multiplexing: MieruMultiplexing)
}

extension Proxy {
  /// The protocol's own file: what documents say about it.
  var clientProtocol: any ClientProtocol {
    switch self {
    case .shadowsocks(let cipher, let serverKey, let plugin):
      ShadowsocksProxy(cipher: cipher, serverKey: serverKey, plugin: plugin)
    case .vmess: VMessProxy()
    case .vless(let flow): VLESSProxy(flow: flow)
    case .trojan: TrojanProxy()
    case .hysteria2(let obfuscationPassword, let hopping):
      Hysteria2Proxy(obfuscationPassword: obfuscationPassword, hopping: hopping)
    case .tuic(let congestionControl): TUICProxy(congestionControl: congestionControl)
    case .anytls: AnyTLSProxy()
    case .socks: SOCKSProxy()
    case .http: HTTPProxy()
    case .naive: NaiveProxy()
    case .mieru(let transport, let multiplexing):
      MieruProxy(transport: transport, multiplexing: multiplexing)
    }
  }

  /// All of those files.
  static let clientProtocols: [any ClientProtocol.Type] = [
    ShadowsocksProxy.self, VMessProxy.self, VLESSProxy.self, TrojanProxy.self, Hysteria2Proxy.self,
    TUICProxy.self, AnyTLSProxy.self, SOCKSProxy.self, HTTPProxy.self, NaiveProxy.self,
    MieruProxy.self,
  ]

  /// Whether a server of the protocol without TLS can have TLS in front of it.
  package var canGainTLS: Bool { clientProtocol.canGainTLS }
}
