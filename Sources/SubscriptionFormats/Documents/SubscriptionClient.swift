/// A client program as far as its documents depend on it: the format that it reads, and what its
/// version doesn't know yet.
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
    unknown = Self.gates.reduce(into: []) { unknown, gate in
      if let version = ClientVersion(of: gate.product, in: agent, fewestNumbers: 1),
        !gate.allows(version)
      {
        unknown.formUnion(gate.features)
      }
    }
  }

  func knows(_ features: NodeFeatures) -> Bool { features.isDisjoint(with: unknown) }

  /// From which version on a product knows something.
  private struct Gate: Sendable {
    /// As its User-Agent has it, in lower case.
    let product: String
    let features: NodeFeatures
    let version: ClientVersion
    /// Apple's apps send the number of their build instead of the version, which is far smaller.
    let build: Int

    init(_ product: String, _ features: NodeFeatures, from version: ClientVersion, build: Int = 0) {
      self.product = product
      self.features = features
      self.version = version
      self.build = build
    }

    /// No version has so great a first number.
    private static let smallestBuild = 100

    func allows(_ version: ClientVersion) -> Bool {
      version.major >= Self.smallestBuild ? version.major >= build : version >= self.version
    }
  }

  /// No build is known for these versions, or no version for these builds.
  private static let never = ClientVersion(0, 0)

  private static let gates: [Gate] = [
    Gate("v2rayng", .hysteria2, from: ClientVersion(1, 9, 5)),
    Gate("v2rayn", .hysteria2, from: ClientVersion(6, 31)),
    Gate("shadowrocket", .hysteria2, from: never, build: 1_993),
    Gate("shadowrocket", .anytls, from: never, build: 2_592),
    Gate("surge ios", .hysteria2, from: never, build: 2_398),
    Gate("surge mac", .hysteria2, from: never, build: 2_398),
    Gate("loon", .trojan, from: ClientVersion(3, 2, 1)),
    Gate(
      "loon",
      [.hysteria2, .shadowsocks2022, .anytls],
      from: ClientVersion(3, 2, 1),
      build: 637
    ),
    Gate("stash", .hysteria2, from: ClientVersion(2, 5)),
    Gate("stash", [.reality, .vision], from: ClientVersion(3, 1)),
    Gate("stash", .anytls, from: ClientVersion(3, 3)),
    Gate("clash-verge", .hysteria2, from: ClientVersion(1, 3, 8)),
    Gate("clashmetaforandroid", .hysteria2, from: ClientVersion(2, 9)),
    Gate("flclash", .hysteria2, from: ClientVersion(0, 8)),
    Gate("nekobox/android", .hysteria2, from: ClientVersion(1, 2, 7)),
    Gate("mihomo", .mieru, from: ClientVersion(1, 19, 0)),
    Gate("mihomo", .anytls, from: ClientVersion(1, 19, 3)),
    Gate("mihomo", .xhttp, from: ClientVersion(1, 19, 22)),
    Gate("clash.meta", .mieru, from: ClientVersion(1, 19, 0)),
    Gate("clash.meta", .anytls, from: ClientVersion(1, 19, 3)),
    Gate("clash.meta", .xhttp, from: ClientVersion(1, 19, 22)),
  ]
}
