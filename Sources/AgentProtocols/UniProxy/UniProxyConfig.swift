import SubscriptionFormats

/// The answer to UniProxy's `config`, and to `/api/v2/server/config` of v2node.
///
/// One document for all agents: XrayR, V2bX and v2node each read the keys they know, and some
/// refuse a value of another JSON type, so numbers, strings and null are exactly those of the
/// panels they were written for.
package struct UniProxyConfig: Sendable, Hashable {
  package var settings: NodeServerSettings
  /// Seconds between reports of traffic.
  package var pushInterval: Int
  /// Seconds between requests for users.
  package var pullInterval: Int
  /// What the agent is to do with some of the traffic.
  package var routes: [NodeRoute]

  /// What agents do by themselves.
  package static let defaultInterval = 60
  /// An interval of zero is a busy loop in every agent.
  private static let shortestInterval = 1

  package init(
    settings: NodeServerSettings,
    pushInterval: Int = Self.defaultInterval,
    pullInterval: Int = Self.defaultInterval,
    routes: [NodeRoute] = []
  ) {
    self.settings = settings
    self.routes = routes
    self.pushInterval = max(pushInterval, Self.shortestInterval)
    self.pullInterval = max(pullInterval, Self.shortestInterval)
  }

  /// The JSON document: the same bytes for equal configurations, because agents restart on a
  /// change.
  package func encoded() -> [UInt8] {
    JSONWriter.compact(document)
  }

  private var document: DocumentObject {
    var document = DocumentObject()
    let inbound = settings.inbound
    document.add("protocol", settings.protocolName.rawValue)
    document.add("listen_ip", inbound.listener.address)
    document.add("server_port", .integer(Int(inbound.listener.port)))
    inbound.addUniProxy(to: &document)
    document.add(
      "base_config",
      ["push_interval": .integer(pushInterval), "pull_interval": .integer(pullInterval)]
    )
    if !routes.isEmpty { document.add("routes", .array(routes.map { .object($0.document) })) }
    return document
  }
}
