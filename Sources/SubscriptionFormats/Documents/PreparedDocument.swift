/// The document of a set of nodes, encoded except for the subscription's own secrets, which each
/// fetch fills in.
///
/// Prepare it once per node set and client, keep it, and fill it for each request: filling only
/// copies.
package struct PreparedDocument: Sendable {
  package let format: SubscriptionFormat
  private let document: FillableDocument

  /// Prepares the document of these nodes, in their order.
  ///
  /// Nodes that the client can't use are left out; if none is left, the document has a notice
  /// instead.
  package init(
    nodes: [ProxyNode],
    client: SubscriptionClient,
    options: DocumentOptions = DocumentOptions()
  ) {
    let renderer = client.format.renderer
    let usable = nodes.filter { renderer.supports($0) && client.knows($0.features) }
    if usable.isEmpty {
      self.init(
        notice: nodes.isEmpty ? .noNodes : .unsupportedClient,
        format: client.format,
        options: options
      )
    } else {
      self.init(usable: usable, format: client.format, options: options)
    }
  }

  /// Prepares the document for the newest clients of the format.
  package init(
    nodes: [ProxyNode],
    format: SubscriptionFormat,
    options: DocumentOptions = DocumentOptions()
  ) {
    self.init(nodes: nodes, client: SubscriptionClient(format: format), options: options)
  }

  /// Prepares a document that says why there are no nodes, with `text` or in English.
  package init(
    notice: SubscriptionNotice,
    text: String? = nil,
    format: SubscriptionFormat,
    options: DocumentOptions = DocumentOptions()
  ) {
    self.init(
      usable: [SubscriptionNotice.placeholder(named: text ?? notice.text)],
      format: format,
      options: options
    )
  }

  private init(usable: [ProxyNode], format: SubscriptionFormat, options: DocumentOptions) {
    var options = options
    if options.template?.format != format { options.template = nil }
    let renderer = format.renderer
    let named = usable.map { node in
      var node = node
      node.name = renderer.name(node.name)
      return node
    }
    self.format = format
    let nodes = NodeNames.unique(named, apartFrom: options.template?.names ?? [])
    document = FillableDocument(renderer.template(for: nodes, options: options))
  }

  /// The bytes that the subscription with this credential gets. Surge and Surfboard fetch the
  /// document again from `link`, where that is given.
  package func body(for credential: Credential, link: String? = nil) -> [UInt8] {
    document.filled(with: credential, link: link)
  }
}
