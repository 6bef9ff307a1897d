import FieldViolations
import SubscriptionFormats

/// What encrypts an inbound's stream outside the protocol itself.
///
/// JSON: `type` is `none`, `tls` or `reality`; the other keys are those of `ServerTLS` or
/// `ServerReality`.
package enum ServerSecurity: Sendable, Hashable {
  case none
  case tls(ServerTLS)
  case reality(ServerReality)
}

extension ServerSecurity {
  var violations: [FieldViolation] {
    switch self {
    case .none: []
    case .tls(let tls): tls.violations.map { $0.inside("security") }
    case .reality(let reality): reality.violations.map { $0.inside("security") }
    }
  }

  /// The name of the certificate that clients ask for, or nothing.
  var serverName: String {
    switch self {
    case .none: ""
    case .tls(let tls): tls.serverName
    case .reality(let reality): reality.serverName
    }
  }

  /// The settings of a server that has a certificate.
  var tls: ServerTLS? {
    if case .tls(let tls) = self { tls } else { nil }
  }

  var client: Security {
    switch self {
    case .none: .none
    case .tls(let tls): .tls(tls.client)
    case .reality(let reality): .reality(reality.client)
    }
  }
}

extension ServerSecurity: Codable {
  private enum CodingKeys: String, CodingKey { case type }
  private enum Kind: String, Codable { case none, tls, reality }

  package init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: CodingKeys.self).decode(Kind.self, forKey: .type) {
    case .none: self = .none
    case .tls: self = .tls(try ServerTLS(from: decoder))
    case .reality: self = .reality(try ServerReality(from: decoder))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .none:
      try container.encode(Kind.none, forKey: .type)
    case .tls(let tls):
      try container.encode(Kind.tls, forKey: .type)
      try tls.encode(to: encoder)
    case .reality(let reality):
      try container.encode(Kind.reality, forKey: .type)
      try reality.encode(to: encoder)
    }
  }
}
