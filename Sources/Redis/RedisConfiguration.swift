import FoundationEssentials

/// How to reach a Redis server, and the limits that a client keeps.
package struct RedisConfiguration: Sendable, Hashable {
  /// A host name, or an IP address (IPv6 without brackets).
  package var host: String
  /// A TCP port.
  package var port: Int
  /// The ACL user; nil is Redis's `default` user.
  package var username: String?
  /// The user's password; nil sends no AUTH.
  package var password: String?
  /// The database number that SELECT takes.
  package var database: Int
  /// How to encrypt; nil is plain TCP.
  package var tls: TLS?
  /// The name that `CLIENT LIST` shows for the connections.
  package var clientName: String?
  /// What the typed commands put before every key and channel; a tenant's own, empty for none.
  package var keyPrefix = ""
  /// How many connections share the commands.
  package var connections = 1
  /// The time a command has from the call to its reply, unless the call says otherwise.
  package var commandTimeout = Duration.seconds(2)
  /// The time one attempt to connect has, with the TLS and RESP handshakes.
  package var connectTimeout = Duration.seconds(5)
  /// The most commands that wait for their reply on one connection. More wait inside the client:
  /// that is the back-pressure.
  package var maxInFlight = 4_096
  /// The most commands that one connection holds, sent or not. One more is refused with
  /// ``RedisError/overloaded``.
  package var maxPending = 65_536
  /// The most bytes of commands that one connection holds before they are sent.
  package var maxPendingBytes = 64 << 20

  /// Reads a URL: `redis://[user[:password]@]host[:port][/database]`, or `rediss://` for TLS.
  ///
  /// The user and password are percent-decoded. With TLS, `?ca_file=` names a PEM file of the
  /// authorities to trust, `cert_file` and `key_file` a certificate of our own, and `insecure=true`
  /// accepts any certificate.
  package init(url: String) throws(RedisConfigurationError) {
    guard let components = URLComponents(string: url), let scheme = components.scheme?.lowercased()
    else { throw .malformedURL }
    guard scheme == "redis" || scheme == "rediss" else { throw .unsupportedScheme(scheme) }
    guard let host = components.host, !host.isEmpty else { throw .missingHost }
    self.host =
      host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    port = components.port ?? 6379
    guard (1...65_535).contains(port) else { throw .malformedPort(port) }
    // `redis://:password@host` has an empty user; `redis://secret@host` names a user without a
    // password.
    username = components.user.flatMap { $0.isEmpty ? nil : $0 }
    password = components.password
    let path = components.path.drop { $0 == "/" }
    guard path.isEmpty || path.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let database = path.isEmpty ? 0 : Int(path)
    else {
      throw .malformedDatabase(String(path))
    }
    self.database = database
    tls = scheme == "rediss" ? TLS() : nil
    for option in components.queryItems ?? [] { try apply(option.name, option.value ?? "") }
    guard (tls?.certificateFile == nil) == (tls?.privateKeyFile == nil) else {
      throw .incompleteClientCertificate
    }
  }

  private mutating func apply(_ option: String, _ value: String) throws(RedisConfigurationError) {
    guard tls != nil, ["ca_file", "cert_file", "key_file", "insecure"].contains(option) else {
      throw .unknownOption(option)
    }
    guard !value.isEmpty else { throw .malformedOption(option) }
    switch option {
    case "ca_file": tls?.authoritiesFile = value
    case "cert_file": tls?.certificateFile = value
    case "key_file": tls?.privateKeyFile = value
    default:
      guard value == "true" || value == "false" else { throw .malformedOption(option) }
      tls?.acceptsAnyCertificate = value == "true"
    }
  }

  /// How a connection is encrypted and whom it trusts.
  package struct TLS: Sendable, Hashable {
    /// A PEM file of the authorities to trust; nil is the system's.
    package var authoritiesFile: String?
    /// A PEM file with our own certificate chain.
    package var certificateFile: String?
    /// A PEM file with our own private key.
    package var privateKeyFile: String?
    /// Whether the server's certificate is left unchecked: for trials only.
    package var acceptsAnyCertificate = false

    package init() {}
  }
}

extension RedisConfiguration: CustomStringConvertible, CustomDebugStringConvertible {
  /// The address, without user and password.
  package var description: String {
    let host = host.contains(":") ? "[\(host)]" : host
    return "\(tls == nil ? "redis" : "rediss")://\(host):\(port)/\(database)"
  }

  /// The same as ``description``, so that no debug output has the password.
  package var debugDescription: String { description }
}

/// What is wrong with a Redis URL. No case carries the password.
package enum RedisConfigurationError: Error, Hashable, CustomStringConvertible {
  case malformedURL
  case unsupportedScheme(String)
  case missingHost
  case malformedPort(Int)
  case malformedDatabase(String)
  case unknownOption(String)
  case malformedOption(String)
  case incompleteClientCertificate

  /// What is wrong, in a sentence for the operator.
  package var description: String {
    switch self {
    case .malformedURL:
      "not a URL; characters of the password other than letters and digits must be percent-encoded"
    case .unsupportedScheme(let scheme): "the scheme is \(scheme); it must be redis or rediss"
    case .missingHost: "the host is missing"
    case .malformedPort(let port): "\(port) is not a TCP port"
    case .malformedDatabase(let path): "the path is \(path); it must be a database number"
    case .unknownOption(let name):
      "the option \(name) is unknown; rediss has the options ca_file, cert_file, key_file and insecure"
    case .malformedOption(let name):
      "the value of \(name) is malformed; insecure is true or false, the others are paths"
    case .incompleteClientCertificate: "cert_file and key_file must be used together"
    }
  }
}
