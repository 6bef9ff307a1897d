/// Writes profiles of Clash and of the programs that came from it.
///
/// The profile needs nothing remote: no rule providers and no rules by GEOIP or GEOSITE, whose
/// databases clients would download.
struct ClashRenderer: DocumentRenderer {
  let dialect: Dialect

  /// The programs that read such profiles.
  enum Dialect: Sendable {
    /// Clash and Clash Premium, which are no longer developed.
    case clash
    /// mihomo, once Clash.Meta.
    case mihomo
    case stash
  }

  /// Nodes that are left out would break the whole profile, or would never connect.
  func supports(_ node: ProxyNode) -> Bool {
    let unknown: NodeFeatures =
      switch dialect {
      case .clash: [.reality, .httpUpgrade, .xhttp]
      case .mihomo: []
      case .stash: [.httpUpgrade, .xhttp]
      }
    return node.streamFeatures.isDisjoint(with: unknown)
      && node.proxy.clientProtocol.isUsable(node, in: self)
  }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    let proxies = nodes.map { DocumentValue.object(proxy($0)) }
    let profile: DocumentObject
    if let operators = options.template?.clash {
      profile = operators.profile(proxies, names: nodes.map(\.name), options: options)
    } else {
      profile = defaultProfile(
        proxies,
        names: nodes.map { DocumentValue.string($0.name) },
        options: options
      )
    }
    var template = DocumentTemplate()
    YAMLWriter().write(profile, to: &template)
    return template
  }

  private func defaultProfile(
    _ proxies: [DocumentValue],
    names: [DocumentValue],
    options: DocumentOptions
  ) -> DocumentObject {
    let fastest: DocumentValue = .string(DocumentNames.fastest)
    var profile: DocumentObject = [
      "mixed-port": 7890,
      "allow-lan": false,
      "mode": "rule",
      "log-level": "warning",
      "ipv6": true,
    ]
    if dialect == .mihomo {
      profile.add("unified-delay", true)
      profile.add("tcp-concurrent", true)
    }
    profile.add("profile", ["store-selected": true, "store-fake-ip": true])
    profile.add("dns", .object(dns(options)))
    profile.add("proxies", .array(proxies))
    profile.add(
      "proxy-groups",
      [
        [
          "name": .string(DocumentNames.selector), "type": "select",
          "proxies": .array([fastest] + names + ["DIRECT"]),
        ],
        [
          "name": fastest, "type": "url-test", "url": .string(options.delayTestURL),
          "interval": 300, "tolerance": 50,
          "proxies": .array(names),
        ],
      ]
    )
    profile.add("rules", .strings(rules(options)))
    return profile
  }

  /// Names are resolved at the far end of the proxy. Only the nodes' own names are resolved outside
  /// it.
  private func dns(_ options: DocumentOptions) -> DocumentObject {
    var dns: DocumentObject = ["enable": true, "ipv6": true]
    if dialect == .mihomo { dns.add("respect-rules", true) }
    dns.add("enhanced-mode", "fake-ip")
    dns.add("fake-ip-range", "198.18.0.1/16")
    dns.add(
      "fake-ip-filter",
      .strings(
        ["*.lan", "*.local", "+.msftconnecttest.com", "+.msftncsi.com"]
          + options.directDomains.map { "+." + $0 }
      )
    )
    dns.add("default-nameserver", ["223.5.5.5", "1.1.1.1"])
    dns.add("nameserver", ["https://1.1.1.1/dns-query", "https://8.8.8.8/dns-query"])
    if dialect == .mihomo {
      dns.add("proxy-server-nameserver", ["system", "223.5.5.5", "1.1.1.1"])
      dns.add("direct-nameserver", ["system"])
    }
    return dns
  }

  private func rules(_ options: DocumentOptions) -> [String] {
    DirectRules.lines(options) + ["MATCH,\(DocumentNames.selector)"]
  }
}

/// Rules, as Clash and Surge both write them, for what no proxy is to be used for.
enum DirectRules {
  static func lines(_ options: DocumentOptions) -> [String] {
    domains(options)
      + privateNetworks.map {
        "\($0.contains(":") ? "IP-CIDR6" : "IP-CIDR"),\($0),DIRECT,no-resolve"
      }
  }

  static func domains(_ options: DocumentOptions) -> [String] {
    options.directDomains.map { "DOMAIN-SUFFIX,\($0),DIRECT" }
  }

  /// Addresses that no proxy reaches (RFC 6890).
  private static let privateNetworks = [
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
    "169.254.0.0/16", "224.0.0.0/4", "::1/128", "fc00::/7",
    "fe80::/10", "ff00::/8",
  ]
}
