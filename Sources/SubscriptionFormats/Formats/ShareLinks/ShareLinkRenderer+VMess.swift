extension ShareLinkRenderer {
  /// v2rayN's link, version 2: base64 of a JSON object whose values are all strings.
  func writeVMess(_ node: ProxyNode, to list: inout DocumentTemplate) {
    // The id comes before what has another length in each node: so it is the same in base64 in all
    // of them, and made once for a fetch.
    var object: DocumentObject = [
      "v": "2", "id": .credential(.uuid), "ps": .string(node.name), "add": .string(node.host),
      "port": .string(String(node.port)),
      "aid": "0", "scy": "auto", "net": .string(node.transport.xrayName),
    ]
    switch node.transport {
    case .tcp:
      object.add("type", "none")
    case .webSocket(let endpoint), .httpUpgrade(let endpoint):
      object.add("type", "none")
      object.add("host", endpoint.host ?? "")
      object.add("path", endpoint.path)
    case .grpc(let serviceName):
      object.add("type", "gun")
      object.add("path", serviceName)
    case .xhttp(let endpoint, let mode):
      object.add("type", mode.rawValue)
      object.add("host", endpoint.host ?? "")
      object.add("path", endpoint.path)
    }
    switch node.security {
    case .none:
      object.add("tls", "")
    case .tls(let tls):
      object.add("tls", "tls")
      object.add("sni", tls.serverName)
      object.add("alpn", tls.alpn.joined(separator: ","))
      object.add("fp", tls.fingerprint?.rawValue ?? "")
      if tls.allowsInsecure { object.add("insecure", "1") }
    case .reality(let reality):
      object.add("tls", "reality")
      object.add("sni", reality.serverName)
      object.add("fp", reality.fingerprint.rawValue)
      object.add("pbk", reality.publicKey)
      object.add("sid", reality.shortID)
    }
    var json = DocumentTemplate()
    JSONWriter(isIndented: false).write(.object(object), to: &json)
    list.append("vmess://")
    list.append(.standard, of: json)
  }
}
