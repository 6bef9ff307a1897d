import SubscriptionFormats

/// What the configuration of an agent must know about the panel.
package struct NodePanel: Sendable, Hashable {
  /// The node API's address, without a path.
  package var url: String
  /// The server's own token.
  package var token: String
  package var nodeID: Int64
  /// The contact address for the certificate authority.
  package var email: String

  package init(url: String, token: String, nodeID: Int64, email: String = "admin@example.com") {
    self.url = url
    self.token = token
    self.nodeID = nodeID
    self.email = email
  }
}

/// The programs that an operator gets a ready configuration for.
package enum NodeSnippet: String, Sendable, Hashable, CaseIterable {
  /// `/etc/XrayR/config.yml`.
  case xrayR = "XrayR"
  /// `/etc/V2bX/config.json`.
  case v2bX = "V2bX"
  /// `config.json` of sing-box, which doesn't call a panel. It has the given users until someone
  /// replaces the file.
  case singBox = "sing-box"

  /// The file's text, or nil if the program can't serve the protocol.
  ///
  /// - Parameter users: the users for sing-box. Agents ask for theirs.
  package func text(for settings: NodeServerSettings, panel: NodePanel, users: [NodeUser] = [])
    -> String?
  {
    switch self {
    case .xrayR: XrayRSnippet(settings: settings, panel: panel).text
    case .v2bX: V2bXSnippet(settings: settings, panel: panel).text
    case .singBox: SingBoxSnippet(settings: settings, users: users).text
    }
  }
}

/// Where an agent gets its certificate: XrayR and V2bX have the same keys for it.
struct CertificateSnippet {
  let tls: ServerTLS?
  let panel: NodePanel
  /// The folder of the program's own files.
  let folder: String
  /// Whether the program makes self-signed certificates by itself.
  let canSign: Bool

  var object: DocumentObject {
    guard let tls else { return ["CertMode": "none"] }
    var config: DocumentObject = [
      "CertMode": .string(mode(tls)), "CertDomain": .string(tls.serverName),
    ]
    var files = (
      certificate: "\(folder)/\(tls.serverName).crt", key: "\(folder)/\(tls.serverName).key"
    )
    if case .file(let certificate, let key) = tls.certificate {
      files = (certificate ?? files.certificate, key ?? files.key)
    }
    config.add("CertFile", files.certificate)
    config.add("KeyFile", files.key)
    config.add("Email", panel.email)
    if case .dns(let provider, let environment) = tls.certificate {
      config.add("Provider", provider)
      config.add("DNSEnv", .object(tls.certificate.variables(environment)))
    }
    config.add("RejectUnknownSni", false)
    return config
  }

  private func mode(_ tls: ServerTLS) -> String {
    switch tls.certificate {
    case .file: "file"
    case .selfSigned: canSign ? "self" : "file"
    case .http: "http"
    case .dns: "dns"
    }
  }
}
