import SubscriptionFormats

/// The answer to `/api/v2/server/handshake`: agents of Xboard are told to poll, and how often.
package struct UniProxyHandshake: Sendable, Hashable {
  package var pushInterval: Int
  package var pullInterval: Int

  package init(
    pushInterval: Int = UniProxyConfig.defaultInterval,
    pullInterval: Int = UniProxyConfig.defaultInterval
  ) {
    self.pushInterval = pushInterval
    self.pullInterval = pullInterval
  }

  /// The JSON document.
  package func encoded() -> [UInt8] {
    let document: DocumentObject = [
      "websocket": ["enabled": false],
      "settings": [
        "push_interval": .integer(pushInterval), "pull_interval": .integer(pullInterval),
      ],
    ]
    return JSONWriter.compact(document)
  }
}
