/// The inbound of a node server. Its agent's configuration and customers' documents are made from
/// it.
///
/// Stored as JSON, one object. Keys never change their meaning; new ones are optional. `*` marks
/// those that must be there.
///
/// | protocol | keys beside `protocol`*, `server_port`*, `listen_ip` |
/// |---|---|
/// | shadowsocks | `cipher`*, `server_key` (with the 2022 ciphers), `plugin` |
/// | vmess | `transport`, `security` |
/// | vless | `security`*, `transport`, `flow` |
/// | trojan | `security`*, `transport` |
/// | hysteria2 | `tls`*, `up_mbps`, `down_mbps`, `obfs_password`, `port_hopping` |
/// | tuic | `tls`*, `congestion_control`, `zero_rtt_handshake` |
/// | anytls | `tls`*, `padding_scheme` |
/// | socks | |
/// | http | `tls` |
/// | naive | `tls`* |
/// | mieru | `transport` (TCP, UDP), `multiplexing` (off, low, middle, high) |
///
/// | object | keys |
/// |---|---|
/// | transport | `type`* (tcp, ws, httpupgrade, grpc, xhttp), `path`, `host`, `service_name`* (grpc), `mode` (xhttp) |
/// | security | `type`* (none, tls, reality), and with tls the keys of a tls object, with reality those of reality |
/// | reality | `server_name`*, `private_key`*, `public_key`*, `short_id`*, `dest`, `dest_port`, `xver`, `fingerprint` |
/// | plugin | `type`* (obfs, v2ray-plugin), `mode` (http, tls) and `host`* of obfs, `path`, `host` and `tls` of v2ray-plugin |
/// | port_hopping | `first`*, `last`*, `interval` |
/// | tls | `server_name`*, `alpn`, `certificate`, `fingerprint`, `allow_insecure` |
/// | certificate | `mode`* (file, self, http, dns), `certificate_file`, `key_file`, `provider`* and `environment` (dns) |
package enum NodeServerSettings: Sendable, Hashable {
  case shadowsocks(ShadowsocksServer)
  case vmess(VMessServer)
  case vless(VLESSServer)
  case trojan(TrojanServer)
  case hysteria2(Hysteria2Server)
  case tuic(TUICServer)
  case anytls(AnyTLSServer)
  case socks(SOCKSServer)
  case http(HTTPServer)
  case naive(NaiveServer)
  case mieru(MieruServer)

  /// The protocols, by the names that agents have for them.
  package enum ProtocolName: String, Sendable, Hashable, Codable, CaseIterable {
    case shadowsocks, vmess, vless, trojan, hysteria2, tuic, anytls, socks, http, naive, mieru

    /// The protocol by any of the names that agents have for it, in lower case.
    package init?(agentName: String) {
      switch agentName {
      case "v2ray": self = .vmess
      case "hysteria": self = .hysteria2
      default: self.init(rawValue: agentName)
      }
    }
  }

  package var protocolName: ProtocolName {
    switch self {
    case .shadowsocks: .shadowsocks
    case .vmess: .vmess
    case .vless: .vless
    case .trojan: .trojan
    case .hysteria2: .hysteria2
    case .tuic: .tuic
    case .anytls: .anytls
    case .socks: .socks
    case .http: .http
    case .naive: .naive
    case .mieru: .mieru
    }
  }

  /// The protocol's own file: all else that is to be known of it.
  package var inbound: any InboundSettings {
    switch self {
    case .shadowsocks(let server): server
    case .vmess(let server): server
    case .vless(let server): server
    case .trojan(let server): server
    case .hysteria2(let server): server
    case .tuic(let server): server
    case .anytls(let server): server
    case .socks(let server): server
    case .http(let server): server
    case .naive(let server): server
    case .mieru(let server): server
    }
  }

  /// Reads the settings of a protocol.
  init(_ name: ProtocolName, from decoder: any Decoder) throws {
    self =
      switch name {
      case .shadowsocks: .shadowsocks(try ShadowsocksServer(from: decoder))
      case .vmess: .vmess(try VMessServer(from: decoder))
      case .vless: .vless(try VLESSServer(from: decoder))
      case .trojan: .trojan(try TrojanServer(from: decoder))
      case .hysteria2: .hysteria2(try Hysteria2Server(from: decoder))
      case .tuic: .tuic(try TUICServer(from: decoder))
      case .anytls: .anytls(try AnyTLSServer(from: decoder))
      case .socks: .socks(try SOCKSServer(from: decoder))
      case .http: .http(try HTTPServer(from: decoder))
      case .naive: .naive(try NaiveServer(from: decoder))
      case .mieru: .mieru(try MieruServer(from: decoder))
      }
  }
}
