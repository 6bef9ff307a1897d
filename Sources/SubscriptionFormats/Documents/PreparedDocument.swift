/// The document of a set of nodes, encoded up to the subscription's own numbers, which each fetch puts in.
///
/// Prepare it once per node set and format, keep it, and fill it for each request: filling only copies.
package struct PreparedDocument: Sendable {
  package let format: SubscriptionFormat
  private let template: DocumentTemplate

  /// Prepares the document of these nodes, in their order.
  ///
  /// Nodes that the format's clients can't use are left out; if none is left, the document has a notice instead.
  package init(nodes: [ProxyNode], format: SubscriptionFormat, options: DocumentOptions = DocumentOptions()) {
    let usable = nodes.filter(format.renderer.supports)
    if usable.isEmpty {
      self.init(notice: nodes.isEmpty ? .noNodes : .unsupportedClient, format: format, options: options)
    } else {
      self.init(usable: usable, format: format, options: options)
    }
  }

  /// Prepares a document that says why there are no nodes: in the words of `text`, or in English.
  package init(
    notice: SubscriptionNotice, text: String? = nil, format: SubscriptionFormat, options: DocumentOptions = DocumentOptions()
  ) {
    self.init(usable: [SubscriptionNotice.placeholder(named: text ?? notice.text)], format: format, options: options)
  }

  private init(usable: [ProxyNode], format: SubscriptionFormat, options: DocumentOptions) {
    self.format = format
    template = format.renderer.template(for: NodeNames.unique(usable), options: options)
  }

  /// The bytes that the subscription with this credential gets.
  package func body(for credential: Credential) -> [UInt8] {
    template.filled(with: credential)
  }
}
