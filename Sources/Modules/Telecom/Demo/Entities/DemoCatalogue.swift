import AgentProtocols
import Platform
import SubscriptionFormats

/// The nodes and packages of the demo data.
///
/// Customers find all of them on 127.0.0.1, so that an agent on this machine can serve a client on
/// this machine.
enum DemoCatalogue {
  static let standard = "Demo standard"
  static let premium = "Demo premium"
  static let groups = [standard, premium]

  /// A node server with the one client by which customers see it.
  struct Node {
    let name: String
    let region: String
    let settings: NodeServerSettings
    var factorThousandths: Int32 = 1_000
    var groups = DemoCatalogue.groups
  }

  /// The first is Shadowsocks 2022 with factor 1. Keys are made with the servers.
  static let nodes: [Node] = [
    Node(
      name: "Frankfurt",
      region: "DE",
      settings: .shadowsocks(ShadowsocksServer(listener: Listener(port: 20_001), serverKey: nil))
    ),
    Node(
      name: "Amsterdam",
      region: "NL",
      settings: .vless(
        VLESSServer(
          listener: Listener(port: 20_002),
          flow: .vision,
          security: .reality(
            ServerReality(serverName: "www.example.com", privateKey: "", publicKey: "", shortID: "")
          )
        )
      )
    ),
    Node(
      name: "London",
      region: "GB",
      settings: .trojan(TrojanServer(listener: Listener(port: 20_003), security: .tls(tls)))
    ),
    Node(
      name: "New York",
      region: "US",
      settings: .hysteria2(Hysteria2Server(listener: Listener(port: 20_004), tls: tls)),
      groups: [premium]
    ),
    Node(
      name: "Tokyo",
      region: "JP",
      settings: .tuic(TUICServer(listener: Listener(port: 20_005), tls: tls)),
      factorThousandths: 1_500,
      groups: [premium]
    ),
  ]

  /// Agents make such a certificate themselves, and clients are told to take it.
  private static var tls: ServerTLS {
    ServerTLS(serverName: "node.demo.test", certificate: .selfSigned, allowsInsecure: true)
  }

  static let host = "127.0.0.1"
  /// Seconds.
  static let interval: Int32 = 60

  private static let day: Int64 = 86_400
  private static let gigabyte: Int64 = 1_000_000_000

  /// The packages of groups with these ids, from the smallest to the one that the first customer
  /// has.
  static func packages(standard: NodeGroup.ID, premium: NodeGroup.ID) throws(InvalidInput)
    -> [Package.Spec]
  {
    [
      try Package.Spec(
        name: "Standard",
        quotaBytes: 100 * gigabyte,
        durationSeconds: 30 * day,
        deviceLimit: 3,
        speedLimit: 100,
        group: standard
      ),
      try Package.Spec(
        name: "Plus",
        quotaBytes: 500 * gigabyte,
        durationSeconds: 90 * day,
        resetRule: .monthly,
        deviceLimit: 5,
        group: standard
      ),
      try Package.Spec(
        name: "Premium",
        quotaBytes: 1_000 * gigabyte,
        durationSeconds: 365 * day,
        resetRule: .calendarMonth,
        group: premium
      ),
    ]
  }
}
