import AgentProtocols
import Platform
import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos

extension ServerTLS {
  init(_ message: Helium_Telecom_V1_TlsSettings, field: String) throws(InvalidInput) {
    self.init(
      serverName: message.serverName,
      alpn: message.alpn,
      certificate: ServerCertificate(message.certificate),
      fingerprint: try ClientFingerprint(message.fingerprint, field: field),
      allowsInsecure: message.allowInsecure
    )
  }
}

extension ServerCertificate {
  fileprivate init(_ message: Helium_Telecom_V1_Certificate) {
    switch message.mode {
    case .file(let file):
      self = .file(
        certificate: file.hasCertificateFile ? file.certificateFile : nil,
        key: file.hasKeyFile ? file.keyFile : nil
      )
    case .selfSigned: self = .selfSigned
    case .http: self = .http
    case .dns(let dns): self = .dns(provider: dns.provider, environment: dns.environment)
    case nil: self = .file(certificate: nil, key: nil)
    }
  }
}

extension ServerReality {
  /// The public key is computed from the private one and never taken from a request.
  init(_ message: Helium_Telecom_V1_RealitySettings, field: String) throws(InvalidInput) {
    let httpsPort: UInt16 = 443
    guard let port = UInt16(exactly: message.destPort) else {
      throw InvalidInput("\(field).dest_port", "must be between 1 and 65535")
    }
    guard let proxyProtocol = UInt8(exactly: message.xver) else {
      throw InvalidInput("\(field).xver", "must be 0, 1 or 2")
    }
    self.init(
      serverName: message.serverName,
      destination: message.dest.isEmpty ? nil : message.dest,
      destinationPort: port == 0 ? httpsPort : port,
      privateKey: message.privateKey,
      publicKey: "",
      shortID: message.shortID,
      proxyProtocol: proxyProtocol,
      fingerprint: try ClientFingerprint(message.fingerprint, field: field) ?? .chrome
    )
  }
}

extension ClientFingerprint {
  fileprivate init?(_ fingerprint: Helium_Telecom_V1_ClientFingerprint, field: String)
    throws(InvalidInput)
  {
    switch fingerprint {
    case .unspecified: return nil
    case .chrome: self = .chrome
    case .firefox: self = .firefox
    case .safari: self = .safari
    case .ios: self = .ios
    case .android: self = .android
    case .edge: self = .edge
    case .qq: self = .qq
    case .random: self = .random
    case .browser360: self = .browser360
    case .UNRECOGNIZED: throw InvalidInput("\(field).fingerprint", "must be one of the browsers")
    }
  }
}

extension Helium_Telecom_V1_TlsSettings {
  init(_ tls: ServerTLS) {
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

/// Without the private key, which no answer has.
extension Helium_Telecom_V1_RealitySettings {
  init(_ reality: ServerReality) {
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
