/// The properties of a client program on which its documents depend: its format, and what its
/// version doesn't support yet.
package struct SubscriptionClient: Sendable, Hashable {
  package let format: SubscriptionFormat
  private let unknown: NodeFeatures

  /// The newest clients of a format.
  package init(format: SubscriptionFormat) {
    self.format = format
    unknown = []
  }

  /// The client that sent a request: its format as `SubscriptionFormat` tells it, and its version
  /// by its User-Agent.
  package init(userAgent: String, query: String?) {
    format = SubscriptionFormat(userAgent: userAgent, query: query)
    let agent = SubscriptionFormat.searchable(userAgent)
    var unknown: NodeFeatures = []
    for (product, gates) in Self.gates {
      guard let version = ClientVersion(of: product, in: agent, fewestNumbers: 1) else { continue }
      for gate in gates where !gate.allows(version) { unknown.formUnion(gate.features) }
    }
    self.unknown = unknown
  }

  func knows(_ features: NodeFeatures) -> Bool { features.isDisjoint(with: unknown) }

  /// By product, so that each is looked for once.
  private static let gates: [String: [ClientGate]] = Dictionary(
    grouping: Proxy.clientProtocols.flatMap { $0.gates } + [
      ClientGate("stash", [.reality, .vision], from: ClientVersion(3, 1)),
      ClientGate("mihomo", .xhttp, from: ClientVersion(1, 19, 22)),
      ClientGate("clash.meta", .xhttp, from: ClientVersion(1, 19, 22)),
    ],
    by: \.product
  )
}

/// From which version on a product knows something.
struct ClientGate: Sendable {
  /// As its User-Agent has it, in lower case.
  let product: String
  let features: NodeFeatures
  let version: ClientVersion
  /// Apple's apps send their build number instead of the version, which would be far smaller.
  let build: Int

  init(_ product: String, _ features: NodeFeatures, from version: ClientVersion, build: Int = 0) {
    self.product = product
    self.features = features
    self.version = version
    self.build = build
  }

  /// No version has such a large first number.
  private static let smallestBuild = 100

  func allows(_ version: ClientVersion) -> Bool {
    version.major >= Self.smallestBuild ? version.major >= build : version >= self.version
  }
}

extension ClientVersion {
  /// Of a product whose builds alone are known.
  static let never = ClientVersion(0, 0)
}
