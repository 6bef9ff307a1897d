/// Writes the documents of one format.
protocol DocumentRenderer: Sendable {
  /// Whether clients of this format can use the node.
  func supports(_ node: ProxyNode) -> Bool
  /// A node's name as the format can hold it.
  func name(_ name: String) -> String
  /// The document of these nodes: at least one, all supported, their names unique and not reserved.
  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate
}

extension DocumentRenderer {
  func name(_ name: String) -> String { name }
}
