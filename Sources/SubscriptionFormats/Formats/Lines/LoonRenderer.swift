/// Writes node lists of Loon, one line a node. Source: nsloon.app/docs/Node.
struct LoonRenderer: DocumentRenderer {
  func supports(_ node: ProxyNode) -> Bool {
    node.fits(.loon) && node.proxy.clientProtocol.isUsable(node, in: self)
  }

  /// Whether Loon has the transport for VMess and Trojan.
  func has(_ transport: Transport) -> Bool {
    switch transport {
    case .tcp, .webSocket, .httpUpgrade: true
    case .grpc, .xhttp: false
    }
  }

  func name(_ name: String) -> String { LineText.name(name) }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    var template = DocumentTemplate()
    for node in nodes { write(node, to: &template) }
    return template
  }

  private func write(_ node: ProxyNode, to template: inout DocumentTemplate) {
    var line = FieldLine(.loon, name: node.name)
    node.proxy.clientProtocol.write(node, in: self, to: &line)
    line.write(to: &template)
  }

  func addLogin(to line: inout FieldLine) {
    line.add(.uuid, isQuoted: true)
    line.add(.uuid, isQuoted: true)
  }

  func addTransport(_ transport: Transport, to line: inout FieldLine) {
    switch transport {
    case .webSocket(let endpoint): add("ws", endpoint, to: &line)
    case .httpUpgrade(let endpoint): add("httpupgrade", endpoint, to: &line)
    case .tcp, .grpc, .xhttp: line.add("transport", "tcp")
    }
  }

  private func add(_ name: String, _ endpoint: HTTPEndpoint, to line: inout FieldLine) {
    line.add("transport", name)
    line.add("path", endpoint.path)
    line.add("host", endpoint.host)
  }

  func addOverTLS(
    _ node: ProxyNode,
    nameKey: StaticString = "tls-name",
    to line: inout FieldLine
  ) {
    guard node.security != .none else { return line.add("over-tls", "false") }
    line.add("over-tls", "true")
    addTLS(node, nameKey: nameKey, to: &line)
  }

  func addTLS(_ node: ProxyNode, nameKey: StaticString, to line: inout FieldLine) {
    line.add(nameKey, node.impliedTLS.serverName)
    line.add("skip-cert-verify", node.impliedTLS.allowsInsecure ? "true" : "false")
  }
}
