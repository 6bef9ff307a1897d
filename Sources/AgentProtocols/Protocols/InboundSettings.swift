package import FieldViolations
package import SubscriptionFormats

/// The inbound of one proxy protocol. Each protocol has a file of its own that says all of it, and
/// `NodeServerSettings` is the table of them.
///
/// A protocol that doesn't mention a program isn't served by it.
package protocol InboundSettings: Sendable, Hashable, Codable {
  /// Where the agent listens.
  var listener: Listener { get }
  /// What encrypts the stream outside the protocol itself.
  var security: ServerSecurity { get }
  /// What is wrong with the settings, field by field.
  var violations: [FieldViolation] { get }

  /// The protocol as customers see it. A relay doesn't pass on the ports of `PortHopping`.
  func client(isRelayed: Bool) -> Proxy
  /// What carries the stream, as customers see it.
  var clientTransport: Transport { get }

  /// Adds what UniProxy's `config` has of the protocol.
  func addUniProxy(to document: inout DocumentObject)

  /// The number that SSPanel-UIM has for the protocol, or nil where no agent serves it by mod_mu.
  var modMuSort: Int? { get }
  /// Adds what mod_mu's `custom_config` has of the protocol: strings, but for the few that XrayR
  /// declares otherwise.
  func addModMu(to config: inout DocumentObject)

  /// The name that XrayR has for the protocol, or nil where it doesn't serve it.
  var xrayRNodeType: String? { get }
  /// Adds what XrayR's `ApiConfig` has of the protocol.
  func addXrayR(to api: inout DocumentObject)

  /// V2bX's core that serves the protocol, or nil where none does.
  var v2bXCore: String? { get }

  /// Adds what sing-box's inbound has of the protocol.
  ///
  /// - Returns: false where sing-box doesn't serve it.
  func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool
}

extension InboundSettings {
  package var security: ServerSecurity { .none }
  package var clientTransport: Transport { .tcp }

  package var modMuSort: Int? { nil }
  package func addModMu(to config: inout DocumentObject) {}

  package var xrayRNodeType: String? { nil }
  package func addXrayR(to api: inout DocumentObject) {}

  package var v2bXCore: String? { nil }

  package func addSingBox(_ snippet: SingBoxSnippet, to inbound: inout DocumentObject) -> Bool {
    false
  }
}
