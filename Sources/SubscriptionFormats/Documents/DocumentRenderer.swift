/// Writes the documents of one format.
protocol DocumentRenderer: Sendable {
  /// Whether clients of this format can use the node.
  func supports(_ node: ProxyNode) -> Bool
  /// The document of these nodes: at least one, all supported, their names unique and not reserved.
  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate
}
