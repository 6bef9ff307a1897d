import FoundationEssentials

/// Where mail is sent through, and the limits of doing so.
package struct SMTPConfiguration: Sendable, CustomStringConvertible {
  /// How a session is encrypted.
  package enum Security: String, Hashable, Sendable {
    /// TLS from the first byte (`smtps://`, RFC 8314).
    case implicitTLS = "implicit"
    /// STARTTLS or no mail (RFC 3207).
    case required
    /// STARTTLS where the server offers it; an attacker on the way can take the offer away.
    case opportunistic
    /// Plain text, for a relay on the same machine.
    case off
  }

  /// SASL mechanisms that send the password, each safe only inside TLS.
  package enum Mechanism: String, Hashable, Sendable {
    case plain = "PLAIN"
    case login = "LOGIN"
  }

  /// A user name and its password.
  struct Credentials: Hashable {
    let user: String
    let password: String
  }

  /// Enough for a worker's burst; many relays refuse more from one address.
  package static let maximumSessions = 16

  package let host: String
  package let port: Int
  package var security: Security
  let credentials: Credentials?
  /// The only mechanism to use; nil for the better one that the server offers.
  package var mechanism: Mechanism?
  /// Resolving, connecting, TLS and log-in together.
  package var connectTimeout: Duration = .seconds(15)
  /// Of a send that brings no deadline of its own, the wait for a session included.
  package var sendTimeout: Duration = .seconds(60)
  /// How long an unused session is kept. Servers end theirs after some minutes, and a shorter time
  /// leaves that to us.
  package var idleTimeout: Duration = .seconds(30)
  /// How many messages a session carries; many servers end theirs after 100.
  package var messagesPerSession = 100
  package var maximumSessions = 4
  /// How many sends may wait for a session; one more is refused as `overloaded`.
  package var maximumWaiting = 1024
  /// Certificates to trust in place of the system's, as a PEM file.
  package var caFile: String?
  /// Accepts any certificate. For tests only.
  package var insecure = false
  /// What the client calls itself in EHLO; nil for the machine's name.
  package var clientName: String?

  /// Reads `smtp://user:password@host:587?starttls=required` or `smtps://…:465`, everything
  /// percent-encoded where a URL wants it.
  ///
  /// Options: `starttls` (`required`, the default, `opportunistic` or `off`), `auth` (`plain` or
  /// `login`), `connect_timeout`, `timeout` and `idle_timeout` in seconds, `max_sessions`,
  /// `ca_file`, `insecure` (`true`), `client_name`.
  package init(url text: String) throws(ConfigurationError) {
    guard let url = URLComponents(string: text) else { throw ConfigurationError("not a URL") }
    let isImplicit: Bool
    switch url.scheme?.lowercased() {
    case "smtp": isImplicit = false
    case "smtps": isImplicit = true
    default: throw ConfigurationError("the scheme is neither smtp nor smtps")
    }
    guard let host = url.host, !host.isEmpty else { throw ConfigurationError("no host") }
    guard url.path.isEmpty || url.path == "/", url.fragment == nil else {
      throw ConfigurationError("a path or fragment is not allowed")
    }
    self.host = host
    // 587 and 465 are for submission (RFC 6409, RFC 8314); 25 is between servers.
    port = url.port ?? (isImplicit ? 465 : 587)
    guard (1...65_535).contains(port) else {
      throw ConfigurationError("port \(port) is out of range")
    }
    security = isImplicit ? .implicitTLS : .required
    credentials = try Self.credentials(of: url)
    for item in url.queryItems ?? [] { try apply(option: item.name, value: item.value ?? "") }
    if isImplicit { security = .implicitTLS }
    guard credentials == nil || security != .opportunistic else {
      throw ConfigurationError(
        "with a password, starttls must be required (or off, to send it in the clear)"
      )
    }
  }

  /// The URL without the password.
  package var description: String {
    let scheme = security == .implicitTLS ? "smtps" : "smtp"
    let user = credentials.map { "\($0.user):\(Self.passwordMask)@" } ?? ""
    return
      "\(scheme)://\(user)\(host):\(port)\(security == .implicitTLS ? "" : "?starttls=\(security.rawValue)")"
  }

  /// A configuration's URL as people may read it: with `***` for its password, or for all of it
  /// where it is no URL.
  package static func withoutPassword(_ url: String) -> String {
    guard var parts = URLComponents(string: url) else { return passwordMask }
    guard parts.password != nil else { return url }
    parts.percentEncodedPassword = passwordMask
    return parts.string ?? passwordMask
  }

  private static let passwordMask = "***"

  private static func credentials(of url: URLComponents) throws(ConfigurationError) -> Credentials?
  {
    guard let user = url.user, !user.isEmpty else { return nil }
    guard let password = url.password else { throw ConfigurationError("a user without a password") }
    return Credentials(user: user, password: password)
  }

  private mutating func apply(option: String, value: String) throws(ConfigurationError) {
    func invalid(_ expected: String) -> ConfigurationError {
      ConfigurationError("\(option)=\(value): expected \(expected)")
    }
    func seconds() throws(ConfigurationError) -> Duration {
      guard let seconds = Int(value), (1...3600).contains(seconds) else {
        throw invalid("1 to 3600 seconds")
      }
      return .seconds(seconds)
    }
    switch option {
    case "starttls":
      guard let security = Security(rawValue: value), security != .implicitTLS else {
        throw invalid("required, opportunistic or off")
      }
      self.security = security
    case "auth":
      guard let mechanism = Mechanism(rawValue: value.uppercased()) else {
        throw invalid("plain or login")
      }
      self.mechanism = mechanism
    case "connect_timeout": connectTimeout = try seconds()
    case "timeout": sendTimeout = try seconds()
    case "idle_timeout": idleTimeout = try seconds()
    case "max_sessions":
      guard let count = Int(value), (1...Self.maximumSessions).contains(count) else {
        throw invalid("1 to \(Self.maximumSessions)")
      }
      maximumSessions = count
    case "ca_file":
      guard !value.isEmpty else { throw invalid("a path") }
      caFile = value
    case "insecure":
      guard let isInsecure = Bool(value) else { throw invalid("true or false") }
      insecure = isInsecure
    case "client_name":
      guard !value.isEmpty,
        value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
      else {
        throw invalid("a host name")
      }
      clientName = value
    default: throw ConfigurationError("unknown option \(option)")
    }
  }

  /// What is wrong with a URL; it never repeats the password.
  package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, with an example of what is right.
    package let description: String

    init(_ reason: String) {
      description =
        "\(reason); for example smtp://user:password@mail.example.com:587?starttls=required"
    }
  }
}
