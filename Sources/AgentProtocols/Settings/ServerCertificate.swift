import SubscriptionFormats

/// Where v2node gets an inbound's certificate. XrayR and V2bX have that in a file of their own and
/// ignore it.
///
/// JSON: `mode` is `file`, `self`, `http` or `dns`.
package enum ServerCertificate: Sendable, Hashable {
  /// PEM files on the node's machine; nil for the agent's own places.
  case file(certificate: String?, key: String?)
  case selfSigned
  /// ACME with an HTTP challenge.
  case http
  /// ACME with a DNS challenge, by a provider of lego, whose variables are `environment`.
  case dns(provider: String, environment: [String: String])
}

extension ServerCertificate {
  /// v2node reads the variables from one text, `A=1,B=2`.
  var violations: [FieldViolation] {
    guard case .dns(let provider, let environment) = self else { return [] }
    var violations: [FieldViolation] = []
    if provider.isEmpty { violations.append(FieldViolation("provider", "must not be empty")) }
    let separates = environment.contains { key, value in
      key.isEmpty || key.utf8.contains(UInt8(ascii: "="))
        || (key + value).utf8.contains(UInt8(ascii: ","))
    }
    if separates {
      violations.append(FieldViolation("environment", "must have names without = and no commas"))
    }
    return violations
  }
}

extension ServerCertificate {
  /// A provider's variables, in one order whatever the dictionary's is.
  func variables(_ environment: [String: String]) -> DocumentObject {
    var variables = DocumentObject()
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) { variables.add(name, value) }
    return variables
  }
}

extension ServerCertificate: Codable {
  private enum CodingKeys: String, CodingKey {
    case mode, provider, environment
    case certificateFile = "certificate_file"
    case keyFile = "key_file"
  }

  /// The modes, by the names that v2node has for them.
  enum Mode: String, Codable {
    case file, http, dns
    case selfSigned = "self"
  }

  var mode: Mode {
    switch self {
    case .file: .file
    case .selfSigned: .selfSigned
    case .http: .http
    case .dns: .dns
    }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Mode.self, forKey: .mode) {
    case .file:
      self = .file(
        certificate: try container.decodeIfPresent(String.self, forKey: .certificateFile),
        key: try container.decodeIfPresent(String.self, forKey: .keyFile)
      )
    case .selfSigned: self = .selfSigned
    case .http: self = .http
    case .dns:
      self = .dns(
        provider: try container.decode(String.self, forKey: .provider),
        environment: try container.decodeIfPresent([String: String].self, forKey: .environment)
          ?? [:]
      )
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mode, forKey: .mode)
    switch self {
    case .file(let certificate, let key):
      try container.encodeIfPresent(certificate, forKey: .certificateFile)
      try container.encodeIfPresent(key, forKey: .keyFile)
    case .selfSigned, .http: break
    case .dns(let provider, let environment):
      try container.encode(provider, forKey: .provider)
      try container.encode(environment, forKey: .environment)
    }
  }
}
