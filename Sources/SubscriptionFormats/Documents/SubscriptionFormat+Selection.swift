extension SubscriptionFormat {
  /// The format for a request: by its `format` parameter if that names one, else by its User-Agent,
  /// else share links, which most clients read.
  package init(userAgent: String, query format: String?) {
    let agent = Self.searchable(userAgent)
    if let format, let named = Self.named(format.lowercased(), agent: agent) {
      self = named
      return
    }
    let rule = Self.rules.first { rule in
      rule.isPrefix
        ? agent.utf8.starts(with: rule.text.utf8) : agent.utf8.firstRange(of: rule.text.utf8) != nil
    }
    self = rule?.family.format(agent: agent) ?? .v2ray
  }

  /// The max length of a User-Agent. Longer ones don't come from clients, and searching them would
  /// cost more than the answer.
  static func searchable(_ userAgent: String) -> String {
    let longestUserAgent = 512
    return String(userAgent.prefix(longestUserAgent)).lowercased()
  }

  private static func named(_ name: String, agent: String) -> SubscriptionFormat? {
    switch name {
    case "base64", "general": .v2ray
    case "clash-meta", "clashmeta", "meta": .mihomo
    case "sing-box", "singbox": Family.singBox(.newest).format(agent: agent)
    case "quantumultx", "quantumult%20x", "quantumult x": .quantumultX
    case "shadowsocks": .sip008
    default: SubscriptionFormat(name: name)
    }
  }

  /// A format, or the way to tell its version.
  private enum Family {
    case fixed(SubscriptionFormat)
    /// sing-box, with the version to assume if the User-Agent has none.
    case singBox(SingBoxVersion)

    /// The products that name the version of their sing-box core.
    private static let cores = ["sing-box", "sfa", "sfi", "sfm", "sft"]

    func format(agent: String) -> SubscriptionFormat {
      switch self {
      case .fixed(let format):
        return format
      case .singBox(let supposed):
        for core in Self.cores {
          if let version = ClientVersion(of: core, in: agent) {
            return .singBox(SingBoxVersion(version))
          }
        }
        return .singBox(supposed)
      }
    }
  }

  private struct Rule {
    let text: String
    let isPrefix: Bool
    let family: Family

    static func prefix(_ text: String, _ format: SubscriptionFormat) -> Rule {
      Rule(text: text, isPrefix: true, family: .fixed(format))
    }
    static func contains(_ text: String, _ format: SubscriptionFormat) -> Rule {
      Rule(text: text, isPrefix: false, family: .fixed(format))
    }
    static func prefix(_ text: String, singBox supposed: SingBoxVersion) -> Rule {
      Rule(text: text, isPrefix: true, family: .singBox(supposed))
    }
    static func contains(_ text: String, singBox supposed: SingBoxVersion) -> Rule {
      Rule(text: text, isPrefix: false, family: .singBox(supposed))
    }
  }

  /// Fragments of User-Agents, in lower case. The first match counts.
  ///
  /// sing-box clients come first because some of them also claim to be like ClashMeta. Hiddify's
  /// core is a fork of an old sing-box, and its User-Agent has only the version of the app. Of
  /// Clash's descendants, those that run mihomo come before Clash itself.
  private static let rules: [Rule] = [
    .contains("hiddify", singBox: .oneEleven),
    .prefix("sfa", singBox: .newest),
    .prefix("sfi", singBox: .newest),
    .prefix("sfm", singBox: .newest),
    .prefix("sft", singBox: .newest),
    .prefix("karing", singBox: .oneTwelve),
    .contains("sing-box", singBox: .newest),
    .contains("singbox", singBox: .newest),
    .contains("surfboard", .surfboard),
    .prefix("surge", .surge),
    .prefix("stash", .stash),
    .contains("shadowrocket", .shadowrocket),
    .contains("quantumult%20x", .quantumultX),
    .contains("quantumult x", .quantumultX),
    .contains("quantumult-x", .quantumultX),
    .prefix("loon", .loon),
    .prefix("outline", .outline),
    .prefix("ssconf", .outline),
    .prefix("shadowsocks", .sip008),
    .contains("mihomo", .mihomo),
    .contains("meta", .mihomo),
    .contains("verge", .mihomo),
    .contains("flclash", .mihomo),
    .contains("nyanpasu", .mihomo),
    .contains("nekobox", .mihomo),
    .prefix("koala-clash", .mihomo),
    .prefix("flowvy", .mihomo),
    .prefix("murge", .mihomo),
    .prefix("prizrak-box", .mihomo),
    .contains("clash", .clash),
  ]
}
