/// Writes share links, one a line, all together in base64.
struct ShareLinkRenderer: DocumentRenderer {
  func supports(_ node: ProxyNode) -> Bool { true }

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
    case .shadowsocks(let cipher, let serverKey): shadowsocks(node, cipher, serverKey).write(to: &list)
    case .vmess: writeVMess(node, to: &list)
    case .vless(let flow): vless(node, flow).write(to: &list)
    case .trojan: trojan(node).write(to: &list)
    case .hysteria2(let obfuscationPassword): hysteria2(node, obfuscationPassword).write(to: &list)
    case .tuic(let congestionControl): tuic(node, congestionControl).write(to: &list)
    case .anytls: anytls(node).write(to: &list)
    }
  }

  /// SIP002; SIP022 wants the keys of the 2022 ciphers percent-encoded instead of in base64.
  private func shadowsocks(_ node: ProxyNode, _ cipher: ShadowsocksCipher, _ serverKey: String?) -> ShareLink {
    let password = CredentialString.shadowsocksPassword(cipher, serverKey: serverKey)
    let method = CredentialString(parts: [.text(cipher.rawValue)])
    if cipher.keyLength != nil { return link("ss", .plain([method, password]), node) }
    return link("ss", .base64(CredentialString(parts: method.parts + [.text(":")] + password.parts)), node)
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
    addTransport(node, to: &link)
    if case .none = node.security {
      addSecurity(.tls(node.impliedTLS), to: &link)
    } else {
      addSecurity(node.security, to: &link)
    }
    return link
  }

  private func hysteria2(_ node: ProxyNode, _ obfuscationPassword: String?) -> ShareLink {
    var link = link("hysteria2", .plain([.uuid]), node, path: "/")
    link.add("sni", node.impliedTLS.serverName)
    if node.impliedTLS.allowsInsecure { link.add("insecure", "1") }
    if let obfuscationPassword {
      link.add("obfs", "salamander")
      link.add("obfs-password", obfuscationPassword)
    }
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

  private func link(_ scheme: String, _ userInfo: ShareLink.UserInfo, _ node: ProxyNode, path: StaticString = "") -> ShareLink {
    ShareLink(scheme: scheme, userInfo: userInfo, host: node.host, port: node.port, path: path, fragment: node.name)
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
