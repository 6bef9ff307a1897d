import Platform
import SubscriptionFormats
import TelecomProtos

extension ServerSecurity {
  init(_ security: Helium_Telecom_V1_VlessSettings.OneOf_Security?) throws(InvalidInput) {
    switch security {
    case .tls(let tls): self = .tls(try ServerTLS(tls, field: "vless.tls"))
    case .reality(let reality): self = .reality(try ServerReality(reality, field: "vless.reality"))
    case nil: self = .none
    }
  }

  init(_ security: Helium_Telecom_V1_TrojanSettings.OneOf_Security?) throws(InvalidInput) {
    switch security {
    case .tls(let tls): self = .tls(try ServerTLS(tls, field: "trojan.tls"))
    case .reality(let reality): self = .reality(try ServerReality(reality, field: "trojan.reality"))
    case nil: self = .none
    }
  }
}

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
  fileprivate init(_ message: Helium_Telecom_V1_RealitySettings, field: String) throws(InvalidInput)
  {
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
