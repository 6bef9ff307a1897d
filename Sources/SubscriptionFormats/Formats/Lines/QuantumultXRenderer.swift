/// Writes server lists of Quantumult X, one line a node, all together in base64.
///
/// Source: github.com/crossutility/Quantumult-X, sample.conf.
struct QuantumultXRenderer: DocumentRenderer {
  func supports(_ node: ProxyNode) -> Bool {
    node.fits(.quantumultX) && node.proxy.clientProtocol.isUsable(node, in: self)
  }

  func name(_ name: String) -> String { LineText.name(name) }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    var list = DocumentTemplate()
    for node in nodes { write(node, to: &list) }
    var document = DocumentTemplate()
    document.append(.standard, of: list)
    return document
  }

  private func write(_ node: ProxyNode, to list: inout DocumentTemplate) {
    var line = FieldLine(.quantumultX)
    let client = node.proxy.clientProtocol
    client.write(node, in: self, to: &line)
    line.add("fast-open", "false")
    if client.carriesDatagrams { line.add("udp-relay", "true") }
    line.add(literal: "tag=\(node.name)")
    line.write(to: &list)
  }

  func addServer(_ node: ProxyNode, type: String, to line: inout FieldLine) {
    let host = node.host.utf8.contains(UInt8(ascii: ":")) ? "[\(node.host)]" : node.host
    line.add(literal: "\(type)=\(host):\(node.port)")
  }

  func addLogin(to line: inout FieldLine) {
    line.add("username", .uuid)
    line.add("password", .uuid)
  }

  /// WebSocket, TLS or both: one choice in this format, and one name for the Host header and the
  /// handshake.
  func addObfuscation(
    _ node: ProxyNode,
    isAlwaysTLS: Bool = false,
    to line: inout FieldLine
  ) {
    let usesTLS = isAlwaysTLS || node.security != .none
    let serverName = usesTLS ? node.serverName : nil
    if case .webSocket(let endpoint) = node.transport {
      line.add("obfs", usesTLS ? "wss" : "ws")
      line.add("obfs-host", endpoint.host ?? serverName)
      line.add("obfs-uri", endpoint.path)
    } else if usesTLS {
      line.add("obfs", "over-tls")
      line.add("obfs-host", serverName)
    }
    if usesTLS { addVerification(node, to: &line) }
  }

  func addOverTLS(_ node: ProxyNode, to line: inout FieldLine) {
    line.add("over-tls", "true")
    line.add("tls-host", node.serverName)
    addVerification(node, to: &line)
  }

  private func addVerification(_ node: ProxyNode, to line: inout FieldLine) {
    if case .reality = node.security { return }
    line.add("tls-verification", node.impliedTLS.allowsInsecure ? "false" : "true")
  }
}
