/// Why a subscription has no nodes. Its document then holds one entry that leads nowhere and whose
/// name says why.
package enum SubscriptionNotice: String, Sendable, Hashable, CaseIterable {
  case noPlan, expired, exhausted, banned
  /// There is a package, but no node is in its group.
  case noNodes
  /// There are nodes, but none that this client can use.
  case unsupportedClient
  /// The device limit is reached, and this is another device.
  case tooManyDevices
  /// Devices are limited, and this client doesn't say which one it is.
  case deviceUnknown

  /// The name of the entry, in English.
  package var text: String {
    switch self {
    case .noPlan: "No active plan"
    case .expired: "Plan expired"
    case .exhausted: "Traffic used up"
    case .banned: "Account suspended"
    case .noNodes: "No nodes available"
    case .unsupportedClient: "Please update your app"
    case .tooManyDevices: "Device limit reached"
    case .deviceUnknown: "App sends no device ID"
    }
  }

  /// A node that every format supports and no client can reach, so that traffic stops instead of
  /// bypassing the proxy.
  static func placeholder(named name: String) -> ProxyNode {
    // Port 9 is `discard`: nothing listens there. The vmess-less, TLS-less cipher keeps the entry
    // valid for every client.
    ProxyNode(
      name: name,
      host: "127.0.0.1",
      port: 9,
      proxy: .shadowsocks(.aes256GCM, serverKey: nil)
    )
  }
}
