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
    node.proxy.clientProtocol.isUsable(node, in: self)
  }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    var list = DocumentTemplate()
    for node in nodes {
      node.proxy.clientProtocol.write(node, in: self, to: &list)
      list.append(UInt8(ascii: "\n"))
    }
    var document = DocumentTemplate()
    document.append(.standard, of: list)
    return document
  }
}
