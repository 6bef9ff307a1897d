/// The parameters of a link.
struct LinkQuery: Sendable {
  private var parameters: [(name: StaticString, value: String)] = []

  init() {
    parameters.reserveCapacity(8)
  }

  /// Adds a parameter unless it has no value: readers take an empty one for a choice.
  mutating func add(_ name: StaticString, _ value: String?) {
    if let value, !value.isEmpty { parameters.append((name, value)) }
  }

  func write(to template: inout DocumentTemplate) {
    for (index, parameter) in parameters.enumerated() {
      template.append(index == 0 ? UInt8(ascii: "?") : UInt8(ascii: "&"))
      template.append(parameter.name)
      template.append(UInt8(ascii: "="))
      template.append(percentEncoding: parameter.value)
    }
  }
}

/// A share link: a URI (RFC 3986) that holds one node.
struct ShareLink: Sendable {
  /// What stands before the `@`.
  enum UserInfo: Sendable {
    /// Percent-encoded texts with colons between them.
    case plain([CredentialString])
    /// Base64url of one text.
    case base64(CredentialString)
  }

  var scheme: String
  var userInfo: UserInfo
  var host: String
  /// Nil for links that have it among the parameters.
  var port: UInt16?
  var path: StaticString = ""
  var query = LinkQuery()
  var fragment: String

  mutating func add(_ name: StaticString, _ value: String?) {
    query.add(name, value)
  }

  func write(to template: inout DocumentTemplate) {
    template.append(scheme)
    template.append("://")
    switch userInfo {
    case .plain(let texts):
      for (index, text) in texts.enumerated() {
        if index > 0 { template.append(UInt8(ascii: ":")) }
        template.append(percentEncoding: text)
      }
    case .base64(let text):
      template.append(.url, of: text)
    }
    template.append(UInt8(ascii: "@"))
    writeHost(to: &template)
    if let port {
      template.append(UInt8(ascii: ":"))
      template.append(String(port))
    }
    template.append(path)
    query.write(to: &template)
    template.append(UInt8(ascii: "#"))
    template.append(percentEncoding: fragment)
  }

  /// Only IPv6 literals have colons, and they stand in brackets (section 3.2.2).
  private func writeHost(to template: inout DocumentTemplate) {
    guard host.utf8.contains(UInt8(ascii: ":")) else {
      return template.append(percentEncoding: host)
    }
    template.append(UInt8(ascii: "["))
    for (index, group) in host.split(separator: ":", omittingEmptySubsequences: false).enumerated()
    {
      if index > 0 { template.append(UInt8(ascii: ":")) }
      template.append(percentEncoding: String(group))
    }
    template.append(UInt8(ascii: "]"))
  }
}

extension ShareLink {
  /// The link of a node, without what its protocol puts into parameters.
  init(_ node: ProxyNode, scheme: String, userInfo: UserInfo, path: StaticString = "") {
    self.init(
      scheme: scheme,
      userInfo: userInfo,
      host: node.host,
      port: node.port,
      path: path,
      fragment: node.name
    )
  }

  mutating func add(_ transport: Transport) {
    add("type", transport.xrayName)
    switch transport {
    case .tcp: break
    case .webSocket(let endpoint), .httpUpgrade(let endpoint): add(endpoint)
    case .grpc(let serviceName):
      add("serviceName", serviceName)
      add("mode", "gun")
    case .xhttp(let endpoint, let mode):
      add(endpoint)
      add("mode", mode.rawValue)
    }
  }

  private mutating func add(_ endpoint: HTTPEndpoint) {
    add("path", endpoint.path)
    add("host", endpoint.host)
  }

  mutating func add(_ security: Security) {
    switch security {
    case .none:
      add("security", "none")
    case .tls(let tls):
      add("security", "tls")
      add("sni", tls.serverName)
      add("fp", tls.fingerprint?.rawValue)
      add("alpn", tls.alpn.joined(separator: ","))
      if tls.allowsInsecure { add("allowInsecure", "1") }
    case .reality(let reality):
      add("security", "reality")
      add("sni", reality.serverName)
      add("fp", reality.fingerprint.rawValue)
      add("pbk", reality.publicKey)
      add("sid", reality.shortID)
    }
  }
}
