import FoundationEssentials

/// Where a broker is and how to talk to it, read from an AMQP URI.
///
/// `amqp://user:password@host:port/vhost?key=value`, or `amqps://` for TLS. User, password and
/// vhost are percent-decoded; a missing vhost is `/`. Query keys are those of the RabbitMQ URI
/// specification: `heartbeat` (seconds), `connection_timeout` (milliseconds), `cacertfile`,
/// `certfile`, `keyfile`, `verify` (`verify_peer` or `verify_none`).
package struct AMQPConfiguration: Sendable {
  package let host: String
  package let port: Int
  package let user: String
  package let virtualHost: String
  /// Nil for a plain connection.
  package let tls: TLS?
  let password: String

  /// Seconds between heartbeats; a peer silent for twice as long is lost. 0 turns them off.
  package var heartbeat: Int
  /// How long one connection attempt may take: TCP, TLS, login, channels, topology.
  package var connectTimeout: Duration
  /// Publishes that wait for their confirm at the same time; more wait their turn.
  package var publishWindow = Self.defaultPublishWindow
  /// Publishes and requests that wait for their turn or for a connection; more fail with
  /// ``AMQPError/overloaded``.
  package var maxPending = Self.defaultMaxPending
  /// The deadline of calls that give none.
  package var defaultDeadline: Duration = .seconds(10)
  /// How long closing waits for outstanding confirms.
  package var drainTimeout: Duration = .seconds(10)
  /// The name shown by the broker's management tools.
  package var connectionName = "amqp"

  /// 256 keeps the pipe full on a LAN (20,000 confirms/s at 10 ms each) and bounds what is in doubt
  /// when a connection is lost.
  package static let defaultPublishWindow = 256
  /// A caller that waits holds one message, so 8,192 small ones are a few MB.
  package static let defaultMaxPending = 8_192
  /// Within RabbitMQ's advice of 5-20 s.
  package static let defaultHeartbeat = 10
  /// The bundle of Debian's `ca-certificates`; rabbitmq-c loads none by itself.
  package static let systemCertificates = "/etc/ssl/certs/ca-certificates.crt"

  /// What a TLS connection trusts and shows.
  package struct TLS: Hashable, Sendable {
    /// PEM file of the authorities to trust.
    package var authorities = AMQPConfiguration.systemCertificates
    /// PEM files of the client's own certificate and key.
    package var certificate: String?
    package var key: String?
    /// Whether the server's chain and host name are checked.
    package var verifiesPeer = true
  }

  /// Reads an AMQP URI.
  package init(url: String) throws(AMQPConfigurationError) {
    guard let parts = URLComponents(string: url), let scheme = parts.scheme else {
      throw .malformed
    }
    guard scheme == "amqp" || scheme == "amqps" else { throw .unknownScheme(scheme) }
    guard let host = parts.host, !host.isEmpty else { throw .noHost }
    // URLComponents keeps the brackets of an IPv6 literal; getaddrinfo wants none.
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    port = parts.port ?? (scheme == "amqps" ? 5671 : 5672)
    guard 1...65535 ~= port else { throw .invalidValue("port") }
    user = parts.user ?? "guest"
    password = parts.password ?? "guest"
    // The path is decoded already. "amqp://host/" names the vhost whose name is empty by the letter
    // of the specification; no broker has one.
    let vhost = parts.path.dropFirst()
    virtualHost = vhost.isEmpty ? "/" : String(vhost)
    guard ![user, password, virtualHost].contains(where: { $0.utf8.contains(0) }) else {
      throw .malformed
    }

    heartbeat = Self.defaultHeartbeat
    connectTimeout = .seconds(5)
    var tls = TLS()
    var tlsKeys: [String] = []
    for item in parts.queryItems ?? [] {
      let value = item.value ?? ""
      switch item.name {
      case "heartbeat":
        guard let seconds = Int(value), 0...65535 ~= seconds else { throw .invalidValue(item.name) }
        heartbeat = seconds
      case "connection_timeout":
        guard let milliseconds = Int(value), milliseconds > 0 else {
          throw .invalidValue(item.name)
        }
        connectTimeout = .milliseconds(milliseconds)
      case "cacertfile": tls.authorities = value
      case "certfile": tls.certificate = value
      case "keyfile": tls.key = value
      case "verify":
        guard value == "verify_peer" || value == "verify_none" else {
          throw .invalidValue(item.name)
        }
        tls.verifiesPeer = value == "verify_peer"
      default: throw .unknownKey(item.name)
      }
      if item.name.hasSuffix("file") || item.name == "verify" { tlsKeys.append(item.name) }
    }
    if scheme == "amqps" {
      guard (tls.certificate == nil) == (tls.key == nil) else { throw .certificateWithoutKey }
      self.tls = tls
    } else {
      if let key = tlsKeys.first { throw .needsTLS(key) }
      self.tls = nil
    }
  }
}

/// Why a text is not the URI of a broker.
package enum AMQPConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  case malformed, noHost, certificateWithoutKey
  case unknownScheme(String)
  case unknownKey(String)
  case invalidValue(String)
  case needsTLS(String)

  package var description: String {
    switch self {
    case .malformed: "not a URI; an example is amqp://user:password@localhost:5672/vhost"
    case .noHost: "the URI has no host"
    case .certificateWithoutKey: "certfile and keyfile must be used together"
    case .unknownScheme(let scheme): "unknown scheme \(scheme); use amqp or amqps"
    case .unknownKey(let key): "unknown query key \(key)"
    case .invalidValue(let key): "invalid value for \(key)"
    case .needsTLS(let key): "\(key) requires the scheme amqps"
    }
  }
}
