extension SubscriptionFormat {
  /// The format for a request: by its `format` parameter if that names one, else by its User-Agent, else share links, which most
  /// clients read.
  package init(userAgent: String, query format: String?) {
    // A User-Agent longer than this is no client's; looking through it would cost more than the answer.
    let longestUserAgent = 512
    let agent = String(userAgent.prefix(longestUserAgent)).lowercased()
    if let format, let named = Self.named(format.lowercased(), agent: agent) {
      self = named
      return
    }
    let rule = Self.rules.first { rule in
      rule.isPrefix ? agent.utf8.starts(with: rule.text.utf8) : agent.utf8.firstRange(of: rule.text.utf8) != nil
    }
    self = rule?.family.format(agent: agent) ?? .v2ray
  }

  private static func named(_ name: String, agent: String) -> SubscriptionFormat? {
    switch name {
    case "v2ray", "base64", "general": .v2ray
    case "mihomo", "clash", "clash-meta", "clashmeta", "meta": .mihomo
    case "sing-box", "singbox": Family.singBox(.newest).format(agent: agent)
    case "sing-box-1.11": .singBox(.oneEleven)
    case "sing-box-1.12": .singBox(.oneTwelve)
    case "sing-box-1.13": .singBox(.oneThirteen)
    default: nil
    }
  }

  /// A format, or the way to tell its version.
  private enum Family {
    case fixed(SubscriptionFormat)
    /// sing-box, with the version to suppose where the User-Agent has none.
    case singBox(SingBoxVersion)

    /// The products that name the version of their sing-box core.
    private static let cores = ["sing-box", "sfa", "sfi", "sfm", "sft"]

    func format(agent: String) -> SubscriptionFormat {
      switch self {
      case .fixed(let format):
        return format
      case .singBox(let supposed):
        for core in Self.cores {
          if let version = ClientVersion(of: core, in: agent) { return .singBox(SingBoxVersion(version)) }
        }
        return .singBox(supposed)
      }
    }
  }

  private struct Rule {
    let text: String
    let isPrefix: Bool
    let family: Family

    static func prefix(_ text: String, _ family: Family) -> Rule { Rule(text: text, isPrefix: true, family: family) }
    static func contains(_ text: String, _ family: Family) -> Rule { Rule(text: text, isPrefix: false, family: family) }
  }

  /// What User-Agents contain, in lower case; the first that fits counts.
  ///
  /// sing-box clients come first because some of them also claim to be like ClashMeta. Hiddify's core is a fork of an old sing-box, and its
  /// User-Agent has only the version of the app.
  private static let rules: [Rule] = [
    .contains("hiddify", .singBox(.oneEleven)),
    .prefix("sfa", .singBox(.newest)),
    .prefix("sfi", .singBox(.newest)),
    .prefix("sfm", .singBox(.newest)),
    .prefix("sft", .singBox(.newest)),
    .prefix("karing", .singBox(.oneTwelve)),
    .contains("sing-box", .singBox(.newest)),
    .contains("singbox", .singBox(.newest)),
    .contains("mihomo", .fixed(.mihomo)),
    .contains("clash", .fixed(.mihomo)),
    .contains("nekobox", .fixed(.mihomo)),
    .prefix("stash", .fixed(.mihomo)),
    .prefix("flowvy", .fixed(.mihomo)),
    .prefix("murge", .fixed(.mihomo)),
    .prefix("prizrak-box", .fixed(.mihomo)),
  ]
}
