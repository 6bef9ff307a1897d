import FieldViolations
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
  var violations: [FieldViolation] {
    switch self {
    case .selfSigned, .http: []
    case .file(let certificate, let key): Self.violations(certificate: certificate, key: key)
    case .dns(let provider, let environment): Self.violations(provider, environment)
    }
  }

  private static func violations(certificate: String?, key: String?) -> [FieldViolation] {
    [("certificate_file", certificate), ("key_file", key)].compactMap { field, path in
      path?.hasControlCharacters == true
        ? FieldViolation(field, "must be a path without control characters") : nil
    }
  }

  /// v2node reads the variables from one text, `A=1,B=2`.
  private static func violations(
    _ provider: String,
    _ environment: [String: String]
  ) -> [FieldViolation] {
    var violations: [FieldViolation] = []
    if provider.isEmpty || provider.hasControlCharacters {
      violations.append(
        FieldViolation("provider", "must not be empty and must have no control characters")
      )
    }
    let isMalformed = environment.contains { key, value in
      key.isEmpty || key.utf8.contains(UInt8(ascii: "="))
        || (key + value).utf8.contains(UInt8(ascii: ",")) || (key + value).hasControlCharacters
    }
    if isMalformed {
      violations.append(
        FieldViolation(
          "environment",
          "must have names without =, and no commas and control characters"
        )
      )
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
