import AgentProtocols
import Crypto
import FoundationEssentials
import Platform
import SubscriptionFormats

extension NodeServerSettings {
  /// The settings with every key that was left empty: the one of `stored` where that still fits,
  /// else a new one.
  ///
  /// A REALITY public key is always the one that belongs to the private key; where that is
  /// malformed, both stay as they are.
  func completed(from stored: NodeServerSettings?, using ids: IdentifierSource)
    -> NodeServerSettings
  {
    switch self {
    case .shadowsocks(var server):
      if server.serverKey?.isEmpty ?? true {
        server.serverKey = server.cipher.keyLength.map { length in
          if case .shadowsocks(let stored) = stored, stored.cipher.keyLength == length,
            let key = stored.serverKey
          {
            return key
          }
          return Data(ids.randomBytes(length)).base64EncodedString()
        }
      }
      return .shadowsocks(server)
    case .vless(var server):
      server.security = server.security.completed(from: stored, using: ids)
      return .vless(server)
    case .trojan(var server):
      server.security = server.security.completed(from: stored, using: ids)
      return .trojan(server)
    default:
      // The others have no keys that are made for them.
      return self
    }
  }

  fileprivate var reality: ServerReality? {
    if case .reality(let reality) = inbound.security { reality } else { nil }
  }

  /// Where a field of the stored JSON stands in a request's settings: below its protocol, with
  /// `security` as the message that is set.
  func requestPath(of field: String) -> String {
    guard field != "listen_ip", field != "server_port", field != "settings" else { return field }
    let security = if reality == nil { "tls" } else { "reality" }
    let path =
      field == "security.type"
      ? "security"
      : field.hasPrefix("security.") ? security + field.dropFirst("security".count) : field
    return "\(protocolName.rawValue).\(path)"
  }
}

extension ServerSecurity {
  /// How many random bytes a short id is made of: the most that REALITY takes.
  private static let shortIDLength = 8

  fileprivate func completed(from stored: NodeServerSettings?, using ids: IdentifierSource)
    -> ServerSecurity
  {
    guard case .reality(var reality) = self else { return self }
    let stored = stored?.reality
    if reality.privateKey.isEmpty {
      reality.privateKey = stored?.privateKey ?? RealityKeys.newPrivateKey(using: ids)
    }
    if let publicKey = RealityKeys.publicKey(of: reality.privateKey) {
      reality.publicKey = publicKey
    }
    if reality.shortID.isEmpty {
      reality.shortID = stored?.shortID ?? ids.randomBytes(Self.shortIDLength).hexadecimal
    }
    return .reality(reality)
  }
}

/// X25519 keys as REALITY writes them: base64url without padding. Source: RFC 7748.
enum RealityKeys {
  private static let length = 32

  static func newPrivateKey(using ids: IdentifierSource) -> String {
    ids.randomBytes(length).base64URL
  }

  /// The public key that belongs to a private key; nil when that is malformed.
  static func publicKey(of privateKey: String) -> String? {
    guard let bytes = [UInt8](base64URL: privateKey), bytes.count == length,
      let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes)
    else { return nil }
    return [UInt8](key.publicKey.rawRepresentation).base64URL
  }
}

extension [UInt8] {
  /// Two lower-case digits a byte.
  fileprivate var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
