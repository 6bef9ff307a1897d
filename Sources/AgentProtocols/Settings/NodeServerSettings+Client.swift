package import SubscriptionFormats

extension NodeServerSettings {
  /// The node that customers see of a server, under the name and at the address of one of its
  /// clients.
  ///
  /// - Parameters:
  ///   - port: where customers connect, or nil for the port on which the agent listens; another one
  ///     has something in front.
  ///   - behindRelay: whether a relay is in front, which does not pass on the ports of
  ///     `PortHopping`.
  package func proxyNode(name: String, host: String, port: UInt16? = nil, behindRelay: Bool = false)
    -> ProxyNode
  {
    let inbound = inbound
    let isRelayed = behindRelay || port.map { $0 != inbound.listener.port } ?? false
    return ProxyNode(
      name: name,
      host: host,
      port: port ?? inbound.listener.port,
      proxy: inbound.client(isRelayed: isRelayed),
      transport: inbound.clientTransport,
      security: inbound.security.client
    )
  }
}
