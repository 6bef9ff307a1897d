/// A kind of client document.
///
/// To add one: a case here with its row in each switch, its rows in the tables of
/// `SubscriptionFormat+Selection.swift` and `SubscriptionClient.swift`, and a `DocumentRenderer`.
package enum SubscriptionFormat: Sendable, Hashable {
  /// Share links, one a line, all together in base64: what v2rayN made common.
  case v2ray
  /// A profile of Clash or Clash Premium in YAML.
  case clash
  /// A profile of mihomo (Clash.Meta) in YAML.
  case mihomo
  /// A profile of Stash in YAML.
  case stash
  /// A configuration of sing-box in JSON.
  case singBox(SingBoxVersion)
  /// A profile of Surge.
  case surge
  /// A profile of Surfboard.
  case surfboard
  /// A node list of Loon.
  case loon
  /// A server list of Quantumult X.
  case quantumultX
  /// Share links as Shadowrocket writes them.
  case shadowrocket
  /// The online configuration of Shadowsocks clients.
  case sip008
  /// The dynamic access key of Outline: one server.
  case outline

  /// The versions of sing-box between which its configuration changed.
  package enum SingBoxVersion: Sendable, Hashable, Comparable, CaseIterable {
    /// 1.11: DNS servers are addresses.
    case oneEleven
    /// 1.12: DNS servers have types, dialers name their resolver.
    case oneTwelve
    /// 1.13: nothing of 1.10 is left.
    case oneThirteen
    /// 1.14 and later: DNS servers that are addresses are gone.
    case oneFourteen

    package static let newest = SingBoxVersion.oneFourteen

    package init(_ version: ClientVersion) {
      switch version {
      case ..<ClientVersion(1, 12): self = .oneEleven
      case ..<ClientVersion(1, 13): self = .oneTwelve
      case ..<ClientVersion(1, 14): self = .oneThirteen
      default: self = .oneFourteen
      }
    }

    fileprivate var name: String {
      switch self {
      case .oneEleven: "sing-box-1.11"
      case .oneTwelve: "sing-box-1.12"
      case .oneThirteen: "sing-box-1.13"
      case .oneFourteen: "sing-box-1.14"
      }
    }
  }

  /// Every format, with each of its versions.
  package static let all: [SubscriptionFormat] =
    [.v2ray, .clash, .mihomo, .stash] + SingBoxVersion.allCases.map(SubscriptionFormat.singBox)
    + [.surge, .surfboard, .loon, .quantumultX, .shadowrocket, .sip008, .outline]

  /// The name by which settings, links and golden files know the format.
  package var name: String {
    switch self {
    case .v2ray: "v2ray"
    case .clash: "clash"
    case .mihomo: "mihomo"
    case .stash: "stash"
    case .singBox(let version): version.name
    case .surge: "surge"
    case .surfboard: "surfboard"
    case .loon: "loon"
    case .quantumultX: "quantumult-x"
    case .shadowrocket: "shadowrocket"
    case .sip008: "sip008"
    case .outline: "outline"
    }
  }

  /// The format of a name, exactly as `name` writes it.
  package init?(name: String) {
    guard let format = Self.all.first(where: { $0.name == name }) else { return nil }
    self = format
  }

  var renderer: any DocumentRenderer {
    switch self {
    case .v2ray: ShareLinkRenderer(dialect: .v2ray)
    case .clash: ClashRenderer(dialect: .clash)
    case .mihomo: ClashRenderer(dialect: .mihomo)
    case .stash: ClashRenderer(dialect: .stash)
    case .singBox(let version): SingBoxRenderer(version: version)
    case .surge: SurgeRenderer(dialect: .surge)
    case .surfboard: SurgeRenderer(dialect: .surfboard)
    case .loon: LoonRenderer()
    case .quantumultX: QuantumultXRenderer()
    case .shadowrocket: ShareLinkRenderer(dialect: .shadowrocket)
    case .sip008: SIP008Renderer()
    case .outline: OutlineRenderer()
    }
  }

  /// The media type of the format's documents.
  package var contentType: String {
    switch self {
    case .v2ray, .loon, .quantumultX, .shadowrocket: "text/plain; charset=utf-8"
    case .clash, .mihomo, .stash: "text/yaml; charset=utf-8"
    case .singBox, .sip008, .outline: "application/json; charset=utf-8"
    case .surge, .surfboard: "application/octet-stream"
    }
  }

  /// How an operator's template of the format is written, or nil for formats that are only a list
  /// of nodes.
  package var templateSyntax: TemplateSyntax? {
    switch self {
    case .clash, .mihomo, .stash: .yaml
    case .singBox: .json
    case .surge, .surfboard: .sections
    case .v2ray, .loon, .quantumultX, .shadowrocket, .sip008, .outline: nil
    }
  }

  /// The syntaxes of operators' templates.
  package enum TemplateSyntax: Sendable, Hashable {
    case yaml, json
    /// Lines below `[Section]` headers.
    case sections
  }
}
