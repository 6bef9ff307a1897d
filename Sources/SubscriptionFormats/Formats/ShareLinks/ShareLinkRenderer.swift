/// Writes share links, one a line, all together in base64.
struct ShareLinkRenderer: DocumentRenderer {
  let dialect: Dialect

  /// The clients that read such lists.
  enum Dialect: Sendable {
    /// v2rayN and all that read what it reads.
    case v2ray
    case shadowrocket
  }

  func supports(_ node: ProxyNode) -> Bool {
    guard dialect == .shadowrocket else { return true }
    return switch node.proxy {
    case .naive, .mieru: false
    case .shadowsocks(_, _, .webSocket): false
    case .trojan: node.transport == .tcp || node.isWebSocket
    case .vmess: !node.usesReality
    default: true
    }
  }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    var list = DocumentTemplate()
    for node in nodes {
      write(node, to: &list)
      list.append(UInt8(ascii: "\n"))
    }
    var document = DocumentTemplate()
    document.append(.standard, of: list)
    return document
  }

  private func write(_ node: ProxyNode, to list: inout DocumentTemplate) {
    switch node.proxy {
    case .shadowsocks(let cipher, let serverKey, let plugin):
      shadowsocks(node, cipher, serverKey, plugin).write(to: &list)
    case .vmess where dialect == .shadowrocket:
      writeShadowrocket(node, scheme: "vmess", flow: nil, to: &list)
    case .vless(let flow) where dialect == .shadowrocket:
      writeShadowrocket(node, scheme: "vless", flow: flow, to: &list)
    case .vmess: writeVMess(node, to: &list)
    case .vless(let flow): vless(node, flow).write(to: &list)
    case .trojan: trojan(node).write(to: &list)
    case .hysteria2(let obfuscationPassword, let hopping):
      hysteria2(node, obfuscationPassword, hopping).write(to: &list)
    case .tuic(let congestionControl): tuic(node, congestionControl).write(to: &list)
    case .anytls: anytls(node).write(to: &list)
    case .socks: link("socks", .base64(.login), node).write(to: &list)
    case .http: http(node).write(to: &list)
    case .naive: naive(node).write(to: &list)
    case .mieru(let transport, let multiplexing):
      mieru(node, transport, multiplexing).write(to: &list)
    }
  }

  /// SIP002; SIP022 wants the keys of the 2022 ciphers percent-encoded instead of in base64.
  private func shadowsocks(
    _ node: ProxyNode,
    _ cipher: ShadowsocksCipher,
    _ serverKey: String?,
    _ plugin: ShadowsocksPlugin?
  ) -> ShareLink {
    let password = CredentialString.shadowsocksPassword(cipher, serverKey: serverKey)
    let method = CredentialString(parts: [.text(cipher.rawValue)])
    let isPlain = cipher.keyLength != nil
    var link =
      isPlain
      ? link("ss", .plain([method, password]), node, path: plugin == nil ? "" : "/")
      : link(
        "ss",
        .base64(CredentialString(parts: method.parts + [.text(":")] + password.parts)),
        node,
        path: plugin == nil ? "" : "/"
      )
    if let plugin { link.add("plugin", "\(plugin.program);\(plugin.options)") }
    return link
  }

  /// XTLS's proposal for sharing VLESS (Xray-core discussion 716).
  private func vless(_ node: ProxyNode, _ flow: VLESSFlow?) -> ShareLink {
    var link = link("vless", .plain([.uuid]), node)
    link.add("encryption", "none")
    link.add("flow", flow?.rawValue)
    addTransport(node, to: &link)
    addSecurity(node.security, to: &link)
    return link
  }

  private func trojan(_ node: ProxyNode) -> ShareLink {
    var link = link("trojan", .plain([.uuid]), node)
    if dialect == .shadowrocket, case .webSocket(let endpoint) = node.transport {
      link.add("peer", node.serverName)
      if node.impliedTLS.allowsInsecure { link.add("allowInsecure", "1") }
      link.add(
        "plugin",
        "obfs-local;obfs=websocket;obfs-host=\(endpoint.host ?? node.serverName);obfs-uri=\(endpoint.path)"
      )
      return link
    }
    addTransport(node, to: &link)
    if case .none = node.security {
      addSecurity(.tls(node.impliedTLS), to: &link)
    } else {
      addSecurity(node.security, to: &link)
    }
    return link
  }

  private func hysteria2(_ node: ProxyNode, _ obfuscationPassword: String?, _ hopping: PortHopping?)
    -> ShareLink
  {
    var link = link("hysteria2", .plain([.uuid]), node, path: "/")
    link.add("sni", node.impliedTLS.serverName)
    if node.impliedTLS.allowsInsecure { link.add("insecure", "1") }
    if dialect == .shadowrocket { link.add("peer", node.impliedTLS.serverName) }
    if let obfuscationPassword {
      link.add("obfs", "salamander")
      link.add("obfs-password", obfuscationPassword)
    }
    // The specification's ports beside the host are read by few; `mport` is what clients agree on.
    if let hopping { link.add("mport", hopping.range("-")) }
    return link
  }

  private func tuic(_ node: ProxyNode, _ congestionControl: CongestionControl) -> ShareLink {
    var link = link("tuic", .plain([.uuid, .uuid]), node)
    link.add("sni", node.impliedTLS.serverName)
    link.add("alpn", "h3")
    link.add("congestion_control", congestionControl.rawValue)
    link.add("udp_relay_mode", "native")
    if node.impliedTLS.allowsInsecure { link.add("allow_insecure", "1") }
    return link
  }

  private func anytls(_ node: ProxyNode) -> ShareLink {
    var link = link("anytls", .plain([.uuid]), node, path: "/")
    link.add("sni", node.impliedTLS.serverName)
    if node.impliedTLS.allowsInsecure { link.add("insecure", "1") }
    return link
  }

  private func http(_ node: ProxyNode) -> ShareLink {
    var link = link(node.security == .none ? "http" : "https", .plain([.uuid, .uuid]), node)
    if node.security != .none {
      link.add("sni", node.impliedTLS.serverName)
      if node.impliedTLS.allowsInsecure { link.add("allowInsecure", "1") }
    }
    return link
  }

  private func naive(_ node: ProxyNode) -> ShareLink {
    var link = link("naive+https", .plain([.uuid, .uuid]), node)
    if node.impliedTLS.serverName != node.host { link.add("sni", node.impliedTLS.serverName) }
    return link
  }

  /// mieru's simple link, which has the port among its parameters.
  private func mieru(
    _ node: ProxyNode,
    _ transport: MieruTransport,
    _ multiplexing: MieruMultiplexing
  ) -> ShareLink {
    var link = link("mierus", .plain([.uuid, .uuid]), node)
    link.port = nil
    link.add("profile", node.name)
    link.add("multiplexing", multiplexing.mieruName)
    link.add("port", String(node.port))
    link.add("protocol", transport.rawValue)
    return link
  }

  private func link(
    _ scheme: String,
    _ userInfo: ShareLink.UserInfo,
    _ node: ProxyNode,
    path: StaticString = ""
  ) -> ShareLink {
    ShareLink(
      scheme: scheme,
      userInfo: userInfo,
      host: node.host,
      port: node.port,
      path: path,
      fragment: node.name
    )
  }

  private func addTransport(_ node: ProxyNode, to link: inout ShareLink) {
    link.add("type", node.transport.xrayName)
    switch node.transport {
    case .tcp: break
    case .webSocket(let endpoint), .httpUpgrade(let endpoint): add(endpoint, to: &link)
    case .grpc(let serviceName):
      link.add("serviceName", serviceName)
      link.add("mode", "gun")
    case .xhttp(let endpoint, let mode):
      add(endpoint, to: &link)
      link.add("mode", mode.rawValue)
    }
  }

  private func add(_ endpoint: HTTPEndpoint, to link: inout ShareLink) {
    link.add("path", endpoint.path)
    link.add("host", endpoint.host)
  }

  private func addSecurity(_ security: Security, to link: inout ShareLink) {
    switch security {
    case .none:
      link.add("security", "none")
    case .tls(let tls):
      link.add("security", "tls")
      link.add("sni", tls.serverName)
      link.add("fp", tls.fingerprint?.rawValue)
      link.add("alpn", tls.alpn.joined(separator: ","))
      if tls.allowsInsecure { link.add("allowInsecure", "1") }
    case .reality(let reality):
      link.add("security", "reality")
      link.add("sni", reality.serverName)
      link.add("fp", reality.fingerprint.rawValue)
      link.add("pbk", reality.publicKey)
      link.add("sid", reality.shortID)
    }
  }
}

extension Transport {
  /// The name that xray, share links and node agents have for it.
  var xrayName: String {
    switch self {
    case .tcp: "tcp"
    case .webSocket: "ws"
    case .httpUpgrade: "httpupgrade"
    case .grpc: "grpc"
    case .xhttp: "xhttp"
    }
  }
}
