/// Writes profiles of Surge and of Surfboard, which reads the same text.
///
/// Source: manual.nssurge.com, getsurfboard.com/docs.
struct SurgeRenderer: DocumentRenderer {
  let dialect: Dialect

  enum Dialect: Sendable {
    case surge, surfboard
  }

  func supports(_ node: ProxyNode) -> Bool {
    !node.usesReality && node.fits(.surge) && node.proxy.clientProtocol.isUsable(node, in: self)
  }

  func name(_ name: String) -> String { LineText.name(name) }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    var template = DocumentTemplate()
    template.appendLink(prefix: "#!MANAGED-CONFIG ", suffix: " interval=43200 strict=false\n")
    if let operators = options.template?.surge {
      operators.write(nodes, renderer: self, options: options, to: &template)
    } else {
      writeDefault(nodes, options, to: &template)
    }
    return template
  }

  private func writeDefault(
    _ nodes: [ProxyNode],
    _ options: DocumentOptions,
    to template: inout DocumentTemplate
  ) {
    template.append("[General]\n")
    for line in general(options) { template.append(line + "\n") }
    template.append("\n[Proxy]\n")
    for node in nodes { write(node, to: &template) }
    template.append("\n[Proxy Group]\n")
    let names = nodes.map(\.name)
    write(
      group: DocumentNames.selector,
      ["select", DocumentNames.fastest] + names + ["DIRECT"],
      to: &template
    )
    let test = ["url=\(options.delayTestURL)", "interval=300", "tolerance=50"]
    write(group: DocumentNames.fastest, ["url-test"] + names + test, to: &template)
    template.append("\n[Rule]\n")
    for rule in DirectRules.lines(options) + ["FINAL,\(DocumentNames.selector)"] {
      template.append(rule + "\n")
    }
  }

  private func general(_ options: DocumentOptions) -> [String] {
    let common = [
      "loglevel = warning", "dns-server = system, 223.5.5.5, 1.1.1.1",
      "skip-proxy = 127.0.0.1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, localhost, *.local",
      "proxy-test-url = \(options.delayTestURL)",
    ]
    return dialect == .surge ? common + ["ipv6 = true"] : common
  }

  private func write(group name: String, _ fields: [String], to template: inout DocumentTemplate) {
    var line = FieldLine(.surge, name: name)
    for field in fields { line.add(literal: field) }
    line.write(to: &template)
  }

  /// A line of `[Proxy]`.
  func write(_ node: ProxyNode, to template: inout DocumentTemplate) {
    var line = FieldLine(.surge, name: node.name)
    node.proxy.clientProtocol.write(node, in: self, to: &line)
    line.write(to: &template)
  }

  func addLogin(to line: inout FieldLine) {
    line.add(.uuid)
    line.add(.uuid)
  }

  func addTLS(_ node: ProxyNode, isImplied: Bool = true, to line: inout FieldLine) {
    guard isImplied || node.security != .none else { return }
    line.add("sni", node.impliedTLS.serverName)
    if node.impliedTLS.allowsInsecure { line.add("skip-cert-verify", "true") }
  }

  func addWebSocket(_ node: ProxyNode, to line: inout FieldLine) {
    guard case .webSocket(let endpoint) = node.transport else { return }
    line.add("ws", "true")
    line.add("ws-path", endpoint.path)
    line.add("ws-headers", endpoint.host.map { "Host:" + $0 })
  }
}
