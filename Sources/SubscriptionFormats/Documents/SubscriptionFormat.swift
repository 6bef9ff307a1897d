/// A kind of client document.
///
/// To add one: a case here, its row in the tables of `SubscriptionFormat+Selection.swift`, and a `DocumentRenderer`.
package enum SubscriptionFormat: Sendable, Hashable {
  /// Share links, one a line, all together in base64: what v2rayN made common.
  case v2ray
  /// A profile of mihomo (Clash.Meta) in YAML.
  case mihomo
  /// A configuration of sing-box in JSON.
  case singBox(SingBoxVersion)

  /// The versions of sing-box between which its configuration changed.
  package enum SingBoxVersion: Sendable, Hashable, Comparable, CaseIterable {
    /// 1.11: DNS servers are addresses.
    case oneEleven
    /// 1.12: DNS servers have types, dialers name their resolver; anytls exists.
    case oneTwelve
    /// 1.13 and later: nothing of 1.10 is left, and 1.14 removes the DNS server addresses.
    case oneThirteen

    package static let newest = SingBoxVersion.oneThirteen

    package init(_ version: ClientVersion) {
      switch version {
      case ..<ClientVersion(1, 12): self = .oneEleven
      case ..<ClientVersion(1, 13): self = .oneTwelve
      default: self = .oneThirteen
      }
    }
  }

  /// Every format, with each of its versions.
  package static let all: [SubscriptionFormat] = [.v2ray, .mihomo] + SingBoxVersion.allCases.map(SubscriptionFormat.singBox)

  var renderer: any DocumentRenderer {
    switch self {
    case .v2ray: ShareLinkRenderer()
    case .mihomo: MihomoRenderer()
    case .singBox(let version): SingBoxRenderer(version: version)
    }
  }

  /// The media type of the format's documents.
  package var contentType: String {
    switch self {
    case .v2ray: "text/plain; charset=utf-8"
    case .mihomo: "text/yaml; charset=utf-8"
    case .singBox: "application/json; charset=utf-8"
    }
  }
}
