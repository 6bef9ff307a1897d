/// Shadowrocket's own links: `scheme://` base64 of `auto:<uuid>@<host>:<port>`, and all else in
/// parameters.
extension ShareLinkRenderer {
  func writeShadowrocket(
    _ node: ProxyNode,
    scheme: StaticString,
    flow: VLESSFlow?,
    to list: inout DocumentTemplate
  ) {
    let host = node.host.utf8.contains(UInt8(ascii: ":")) ? "[\(node.host)]" : node.host
    list.append(scheme)
    list.append("://")
    list.append(
      .standard,
      of: CredentialString(parts: [.text("auto:"), .secret(.uuid), .text("@\(host):\(node.port)")])
    )
    var query = LinkQuery()
    query.add("remark", node.name)
    query.add("alterId", "0")
    addShadowrocketSecurity(node, flow, to: &query)
    addShadowrocketTransport(node, to: &query)
    query.write(to: &list)
  }

  private func addShadowrocketSecurity(
    _ node: ProxyNode,
    _ flow: VLESSFlow?,
    to query: inout LinkQuery
  ) {
    switch node.security {
    case .none: break
    case .tls(let tls):
      query.add("tls", "1")
      query.add("peer", tls.serverName)
      query.add("alpn", tls.alpn.joined(separator: ","))
      if tls.allowsInsecure { query.add("allowInsecure", "1") }
    case .reality(let reality):
      query.add("tls", "1")
      query.add("peer", reality.serverName)
      query.add("sni", reality.serverName)
      query.add("pbk", reality.publicKey)
      query.add("sid", reality.shortID)
      query.add("fp", reality.fingerprint.rawValue)
    }
    // 2 is what Shadowrocket calls Vision.
    if flow == .vision { query.add("xtls", "2") }
  }

  private func addShadowrocketTransport(_ node: ProxyNode, to query: inout LinkQuery) {
    switch node.transport {
    case .tcp: break
    case .webSocket(let endpoint): add("websocket", endpoint, to: &query)
    case .httpUpgrade(let endpoint): add("httpupgrade", endpoint, to: &query)
    case .xhttp(let endpoint, let mode):
      add("xhttp", endpoint, to: &query)
      query.add("mode", mode.rawValue)
    case .grpc(let serviceName):
      query.add("obfs", "grpc")
      query.add("path", serviceName)
    }
  }

  private func add(_ name: String, _ endpoint: HTTPEndpoint, to query: inout LinkQuery) {
    query.add("obfs", name)
    query.add("path", endpoint.path)
    query.add("obfsParam", endpoint.host)
  }
}
